import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Capacity } from '../executor.ts';
import type { Gpu, GpuCapacity } from '../visible-gpus.ts';

/** A few per core: most steps wait for something most of the time. */
const SLOTS_PER_CORE = 4;
const PROBE_TIMEOUT_MS = 5000;

/** What this machine has. `slots` default: four for every core; `gpus` default: none. */
export function hostCapacity(options: { readonly slots?: number | undefined; readonly gpus?: GpuCapacity } = {}): Capacity {
  const cores = availableParallelism();
  const { slots = cores * SLOTS_PER_CORE, gpus = { accelerators: {} } } = options;
  return { slots, cpuMillis: cores * 1000, memoryBytes: usableMemory(), ...gpus };
}

/** In a container with a memory limit, what the machine has is not what steps can have. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** NVIDIA's GPUs, as nvidia-smi lists them; none where it is not there or does not answer. */
export function listGpus(path: string): Promise<readonly Gpu[]> {
  const program = path
    .split(delimiter)
    .map((folder) => join(folder, 'nvidia-smi'))
    .find((file) => existsSync(file));
  if (program === undefined) return Promise.resolve([]);
  return new Promise((resolve) => {
    execFile(program, ['--list-gpus'], { timeout: PROBE_TIMEOUT_MS }, (error, output) => {
      const lines = error ? [] : output.split('\n').filter((line) => line.startsWith('GPU '));
      resolve(lines.map((line, place) => ({ index: indexIn(line) ?? place, uuid: /\(UUID: (\S+)\)/.exec(line)?.[1] ?? '' })));
    });
  });
}

/** `GPU 0: NVIDIA A100 (UUID: GPU-…)` */
function indexIn(line: string): number | undefined {
  const found = /^GPU (\d+)/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}
