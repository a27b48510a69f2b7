import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Capacity } from '../executor.ts';

/** A few per core: most steps wait for something most of the time. */
const SLOTS_PER_CORE = 4;
const PROBE_TIMEOUT_MS = 5000;

/** What this machine has. `slots` default: four for every core; `gpus` default: none. */
export function hostCapacity(options: { readonly slots?: number | undefined; readonly gpus?: number } = {}): Capacity {
  const cores = availableParallelism();
  const { slots = cores * SLOTS_PER_CORE, gpus = 0 } = options;
  const accelerators: Record<string, number> = gpus > 0 ? { 'nvidia.com/gpu': gpus } : {};
  return { slots, cpuMillis: cores * 1000, memoryBytes: usableMemory(), accelerators };
}

/** In a container with a memory limit, what the machine has is not what steps can have. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** NVIDIA's GPUs, as nvidia-smi lists them; 0 where it is not there or does not answer. */
export function countGpus(path: string): Promise<number> {
  const program = path
    .split(delimiter)
    .map((folder) => join(folder, 'nvidia-smi'))
    .find((file) => existsSync(file));
  if (program === undefined) return Promise.resolve(0);
  return new Promise((resolve) => {
    execFile(program, ['--list-gpus'], { timeout: PROBE_TIMEOUT_MS }, (error, output) => {
      resolve(error ? 0 : output.split('\n').filter((line) => line.startsWith('GPU ')).length);
    });
  });
}
