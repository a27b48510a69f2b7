import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpu } from '../visible-gpus.ts';

/**
 * The GPUs of this machine by their device files and what NVIDIA's driver says of each: the daemon does not say how many there are,
 * and may itself run where there is no nvidia-smi. `root`: of the file system.
 */
export function machineGpus(root = '/'): readonly Gpu[] {
  const uuids = uuidsByMinor(join(root, 'proc/driver/nvidia/gpus'));
  const indexes = namesIn(join(root, 'dev')).flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? []);
  return indexes
    .map((index) => ({ index: Number(index), uuid: uuids.get(index) ?? '' }))
    .sort((one, other) => one.index - other.index);
}

function uuidsByMinor(folder: string): ReadonlyMap<string, string> {
  const uuids = new Map<string, string>();
  for (const name of namesIn(folder)) {
    const text = readText(join(folder, name, 'information'));
    const [minor, uuid] = [/^Device Minor:\s*(\d+)/m.exec(text)?.[1], /^GPU UUID:\s*(GPU-\S+)/m.exec(text)?.[1]];
    if (minor !== undefined && uuid !== undefined) uuids.set(minor, uuid);
  }
  return uuids;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
