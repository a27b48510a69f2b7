/** The references: the same work done by make, ninja, a bare spawn, a bare fork. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from './paired.ts';

interface RunOptions {
  readonly cwd?: string;
  readonly allowFailure?: boolean;
}

export async function run(
  program: string,
  args: readonly string[],
  { cwd, allowFailure = false }: RunOptions = {},
): Promise<{ output: string; ms: number }> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], ...(cwd === undefined ? {} : { cwd }) });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number>((resolve) =>
    child.on('error', () => resolve(127)).on('close', (status) => resolve(status ?? 1)),
  );
  if (code !== 0 && !allowFailure)
    throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${code}: ${output.slice(-2000)}`);
  return { output, ms: performance.now() - started };
}

/** The program of a step: a static C program where there is a compiler, else a shell script (both sides run the same). */
export async function buildNoop(folder: string): Promise<string> {
  const target = join(folder, 'noop');
  const source = join(import.meta.dirname, 'noop.c');
  const compiled = await run('gcc', ['-O2', '-static', '-o', target, source], { allowFailure: true });
  if (compiled.output === '' && (await exists(target))) return target;
  await writeFile(target, '#!/bin/sh\nprintf %s "$1" > "$2"\n', { mode: 0o755 });
  return target;
}

/** A program that keeps processors busy (burn.c). Needs a C compiler. */
export async function buildBurn(folder: string): Promise<string> {
  const target = join(folder, 'burn');
  await run('gcc', ['-O2', '-static', '-o', target, join(import.meta.dirname, 'burn.c')]);
  return target;
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

/** `make -j2`: `width` targets, each a process that writes one file, and a join that reads them all. */
export async function makeFanOut(folder: string, width: number, noop: string): Promise<Sample> {
  const place = await freshFolder(folder, 'make');
  const indexes = Array.from({ length: width }, (_, index) => index);
  const rules = indexes.map((index) => `out/${index}:\n\t@${noop} ${index} out/${index}`);
  const all = indexes.map((index) => `out/${index}`).join(' ');
  await writeFile(join(place, 'Makefile'), `joined: ${all}\n\t@cat out/* | wc -c > joined\n${rules.join('\n')}\n`);
  return { ms: (await run('make', ['-j2', '--silent'], { cwd: place })).ms };
}

/** `ninja`: `length` steps, each reading what the one before it wrote. */
export async function ninjaChain(folder: string, length: number, noop: string): Promise<Sample> {
  const place = await freshFolder(folder, 'ninja');
  const edges = Array.from({ length }, (_, index) => `build out/${index}: step ${index === 0 ? '' : `out/${index - 1}`}\n`);
  await writeFile(join(place, 'build.ninja'), `rule step\n  command = ${noop} 1 $out\n${edges.join('')}`);
  return { ms: (await run('ninja', ['-j2', '--quiet'], { cwd: place })).ms };
}

/** The same number of processes one after the other, started as cheaply as the machine can: posix_spawn from a small process. */
export async function bareSpawns(folder: string, count: number, noop: string): Promise<Sample> {
  const place = await freshFolder(folder, 'spawn');
  const program = `
import os, time
environment = dict(os.environ)
started = time.perf_counter()
for index in range(${count}):
    os.waitpid(os.posix_spawn(${JSON.stringify(noop)}, ['noop', str(index), 'out/%d' % index], environment), 0)
print((time.perf_counter() - started) * 1000)
`;
  return { ms: Number((await run('python3', ['-c', program], { cwd: place })).output) };
}

/** Forks of an interpreter that has imported what a step needs, one after the other, each doing nothing. */
export async function bareForks(count: number): Promise<Sample> {
  const program = `
import os, time, json, argparse, inspect, typing, logging, importlib.util, gc
gc.freeze()
started = time.perf_counter()
for index in range(${count}):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
print((time.perf_counter() - started) * 1000)
`;
  return { ms: Number((await run('python3', ['-c', program])).output) };
}

async function freshFolder(folder: string, name: string): Promise<string> {
  const place = await mkdtemp(join(folder, `${name}-`));
  await mkdir(join(place, 'out'));
  return place;
}
