import { availableParallelism, totalmem } from 'node:os';
import type { Capacity } from '../executor.ts';

/** A few per core: most steps wait for something most of the time. */
const SLOTS_PER_CORE = 4;

/** What this machine has. `slots` default: four for every core. */
export function hostCapacity(slots?: number): Capacity {
  const cores = availableParallelism();
  return { slots: slots ?? cores * SLOTS_PER_CORE, cpuMillis: cores * 1000, memoryBytes: totalmem(), accelerators: {} };
}
