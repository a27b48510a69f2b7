import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { run } from './references.ts';

/** What the figures were taken on: lines for the head of the report. */
export async function describeMachine(): Promise<readonly string[]> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  const fileSystem =
    mounts
      .split('\n')
      .find((line) => line.split(' ')[1] === '/')
      ?.split(' ')[2] ?? 'unknown';
  const versions = await Promise.all([
    version('make', ['--version']),
    version('ninja', ['--version']),
    version('python3', ['--version']),
  ]);
  return [
    `- machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${fileSystem}, ${type()} ${release()}`,
    `- node ${process.version}, make: ${versions[0]}, ninja: ${versions[1]}, python: ${versions[2]}`,
  ];
}

async function version(program: string, args: readonly string[]): Promise<string> {
  const { output } = await run(program, args, { allowFailure: true });
  return output.split('\n')[0]!.trim() || 'not installed';
}
