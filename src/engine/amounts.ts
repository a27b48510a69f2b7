/** Sums of what steps ask for and of what nodes have. */
import type { ResourceRequest } from '../executors/executor.ts';

/** What there is of a machine, or is in use of it. */
export interface Amounts {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly accelerators: Readonly<Record<string, number>>;
}

/** What is in use, as an account of it is kept. */
export interface Use {
  cpuMillis: number;
  memoryBytes: number;
  readonly accelerators: Map<string, number>;
}

export function noUse(): Use {
  return { cpuMillis: 0, memoryBytes: 0, accelerators: new Map() };
}

export function addRequest(use: Use, { cpuMillis = 0, memoryBytes = 0, accelerator }: ResourceRequest, sign: 1 | -1): void {
  use.cpuMillis += sign * cpuMillis;
  use.memoryBytes += sign * memoryBytes;
  if (accelerator) addAccelerators(use, accelerator.type, sign * accelerator.count);
}

export function amountsOf({ cpuMillis, memoryBytes, accelerators }: Use): Amounts {
  return { cpuMillis, memoryBytes, accelerators: Object.fromEntries(accelerators) };
}

/** Of all of them together. */
export function sumOf(all: readonly Amounts[]): Amounts {
  const sum = noUse();
  for (const { cpuMillis, memoryBytes, accelerators } of all) {
    sum.cpuMillis += cpuMillis;
    sum.memoryBytes += memoryBytes;
    for (const [type, count] of Object.entries(accelerators)) addAccelerators(sum, type, count);
  }
  return amountsOf(sum);
}

function addAccelerators({ accelerators }: Use, type: string, count: number): void {
  accelerators.set(type, (accelerators.get(type) ?? 0) + count);
}
