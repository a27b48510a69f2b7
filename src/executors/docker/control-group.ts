import { closeSync, openSync, readSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { GroupFolders } from './control-group-finder.ts';
import { reclaimable, type UseReading } from './use-reading.ts';

/** memory.stat is the longest of the files: 1 to 2 kB. */
const buffer = Buffer.alloc(16 * 1024);

/**
 * A container's control groups, as long as they are there: the kernel takes them away with the container. Their files are kept open,
 * because opening them costs five times what reading them does (measured: 12 µs for the four files of version 1).
 */
export interface ControlGroup extends Disposable {
  /** Undefined once the container has ended. */
  read(): UseReading | undefined;
}

interface Files {
  readonly usage: number;
  /** Since Linux 5.19 in version 2. */
  readonly peak: number | undefined;
  readonly stat: number;
  readonly cpu: number;
}

/**
 * `onEnd` is called when its last process ends, as far as the kernel tells (version 2, also where it only watches): about
 * 10 ms before the groups are gone. Undefined if there are no such files.
 */
export function openControlGroup(folders: GroupFolders, onEnd: () => void): ControlGroup | undefined {
  const isSplit = folders.memory !== undefined;
  const files = isSplit ? openSplit(folders) : openUnified(folders);
  if (!files) return undefined;
  const watcher = folders.unified === undefined ? undefined : watchEvents(folders.unified, onEnd);
  return {
    read() {
      try {
        return isSplit ? readSplit(files) : readUnified(files);
      } catch {
        return undefined;
      }
    },
    [Symbol.dispose]() {
      watcher?.close();
      for (const file of [files.usage, files.peak, files.stat, files.cpu]) if (file !== undefined) closeSync(file);
    },
  };
}

// -- version 1

function openSplit({ memory, cpuacct }: GroupFolders): Files | undefined {
  if (memory === undefined || cpuacct === undefined) return undefined;
  return openAll({
    usage: join(memory, 'memory.usage_in_bytes'),
    peak: join(memory, 'memory.max_usage_in_bytes'),
    stat: join(memory, 'memory.stat'),
    cpu: join(cpuacct, 'cpuacct.usage'),
  });
}

function readSplit(files: Files): UseReading {
  return { ...readMemory(files), cpuMs: readNumber(files.cpu) / 1e6 };
}

// -- version 2

function openUnified({ unified }: GroupFolders): Files | undefined {
  if (unified === undefined) return undefined;
  return openAll({
    usage: join(unified, 'memory.current'),
    peak: join(unified, 'memory.peak'),
    stat: join(unified, 'memory.stat'),
    cpu: join(unified, 'cpu.stat'),
  });
}

function readUnified(files: Files): UseReading {
  return { ...readMemory(files), cpuMs: (fieldOf(readText(files.cpu), 'usage_usec') ?? 0) / 1000 };
}

// -- both

function readMemory({ usage, peak, stat }: Files): Omit<UseReading, 'cpuMs'> {
  const details = readText(stat);
  return {
    usageBytes: readNumber(usage),
    ...(peak === undefined ? {} : { peakBytes: readNumber(peak) }),
    reclaimableBytes: reclaimable((...names) => fieldOf(details, ...names) ?? 0),
  };
}

function openAll(paths: Readonly<Record<keyof Files, string>>): Files | undefined {
  const [usage, peak, stat, cpu] = [paths.usage, paths.peak, paths.stat, paths.cpu].map(open);
  if (usage !== undefined && stat !== undefined && cpu !== undefined) return { usage, peak, stat, cpu };
  for (const file of [usage, peak, stat, cpu]) if (file !== undefined) closeSync(file);
  return undefined;
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

/** `populated` in cgroup.events changes. There may be no more watches to have: then it is not told. */
function watchEvents(folder: string, onEnd: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(join(folder, 'cgroup.events'), { persistent: false }, onEnd);
    return watcher.on('error', () => watcher.close());
  } catch {
    return undefined;
  }
}

function readText(file: number): string {
  return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
}

const readNumber = (file: number): number => Number(readText(file));

/** Of lines `name number`: the first name that is among them. */
function fieldOf(text: string, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const at = text.startsWith(`${name} `) ? 0 : text.indexOf(`\n${name} `) + 1;
    if (at > 0 || text.startsWith(`${name} `)) return Number.parseInt(text.slice(at + name.length + 1), 10);
  }
  return undefined;
}
