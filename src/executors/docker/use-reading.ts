import type { ResourceUse } from '../../model/outcome.ts';

/** What is known of a container at one moment. */
export interface UseReading {
  /** Of all its processes since it began, those that have ended included. */
  readonly cpuMs: number;
  /** What is charged to it now: its processes, what it keeps in tmpfs, and files that the system keeps for it. */
  readonly usageBytes: number;
  /** The most that usageBytes ever was; absent where the kernel does not keep it. */
  readonly peakBytes?: number;
  /** Of files that would be given back as soon as somebody else, or the step itself, needs the memory. */
  readonly reclaimableBytes: number;
}

/** What a container has used up to its latest reading. */
export interface KnownUse {
  readonly use: ResourceUse;
  readonly latest: UseReading;
}

/** Of the peak: the kernel counts by processor, and not to the page. */
const NEARLY = 1 / 64;

/**
 * Files that no process has mapped, and mapped ones that were not used lately (Kubernetes' working set leaves out only those of
 * either kind that were not used lately). `memoryStat` looks into memory.stat by the names of version 1 and 2.
 */
export function reclaimable(memoryStat: (...names: readonly string[]) => number): number {
  const inactive = memoryStat('total_inactive_file', 'inactive_file');
  const active = memoryStat('total_active_file', 'active_file');
  return Math.max(inactive, inactive + active - memoryStat('total_mapped_file', 'file_mapped'));
}

/**
 * The peak is one of what a step holds, without files that the system would give back: otherwise one that reads 50 GB would be said to
 * need them. The kernel keeps the peak of everything, so of a new peak between two readings only the
 * files are taken off that were there at both: what results is no less than the step held, and hardly more.
 */
export function joinReading(known: KnownUse | undefined, now: UseReading): KnownUse {
  const { usageBytes, reclaimableBytes, peakBytes = 0 } = now;
  const isNewPeak = peakBytes > (known?.latest.peakBytes ?? 0);
  const isAtPeak = peakBytes - usageBytes <= peakBytes * NEARLY;
  const filesBefore = known === undefined || isAtPeak ? reclaimableBytes : known.latest.reclaimableBytes;
  const held = Math.max(0, usageBytes - reclaimableBytes);
  const heldAtPeak = isNewPeak ? peakBytes - Math.min(filesBefore, reclaimableBytes) : 0;
  return {
    use: {
      cpuMs: Math.max(Math.round(now.cpuMs), known?.use.cpuMs ?? 0),
      peakMemoryBytes: Math.max(held, heldAtPeak, known?.use.peakMemoryBytes ?? 0),
    },
    latest: now,
  };
}
