import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './source-files.ts';

const CLI = join(repositoryRoot, 'bin', 'pipewright.js');

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder with a data folder in it, and the command line run there as its own process. */
export interface CliWorld extends AsyncDisposable {
  readonly folder: string;
  write(file: string, content: unknown): Promise<string>;
  run(args: readonly string[], options?: RunOptions): Promise<CliResult>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Whom it runs as instead of the test. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** A file opened for writing that becomes its standard output. */
  readonly stdout?: number;
  /** Called at once, with the way to send it signals. */
  readonly onStarted?: (signal: (name: NodeJS.Signals) => void) => void;
  /** Called with everything printed so far, to act at a certain point (send a signal). */
  readonly onOutput?: (text: string, signal: (name: NodeJS.Signals) => void) => void;
}

export async function cliWorld(): Promise<CliWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-cli-'));
  return {
    folder,
    async write(file, content) {
      const path = join(folder, file);
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
      return path;
    },
    run: (args, options = {}) => runCli(folder, args, options),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function runCli(cwd: string, args: readonly string[], options: RunOptions): Promise<CliResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CliResult>();
  // A test runner above tells its children about itself; the command line is not one of them.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...env, ...options.env },
    ...options.user,
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const signal = (name: NodeJS.Signals): void => void child.kill(name);
  options.onStarted?.(signal);
  const tell = (): void => options.onOutput?.(stdout + stderr, signal);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  child.on('error', reject);
  child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  return promise;
}
