/** What of the machine each run holds, so that the one that holds least goes first. */
import type { ResourceRequest } from '../executors/executor.ts';
import type { AdmissionCapacity } from './admission-capacity.ts';
import { addRequest, type Amounts, noUse, sumOf, type Use } from './amounts.ts';

interface Held extends Use {
  slots: number;
  share: number;
}

/**
 * The share of a run is that of what it holds most of (slots, CPU, memory, a kind of accelerator), from 0 to 1: dominant resource
 * fairness (Ghodsi et al., NSDI 2011). Counting steps instead would let long steps push short ones out.
 */
export class RunShares {
  readonly #there: Amounts & { readonly slots: number };
  readonly #held = new Map<string, Held>();

  constructor({ slots, nodes }: Pick<AdmissionCapacity, 'slots' | 'nodes'>) {
    this.#there = { slots, ...sumOf(nodes.map(({ pool }) => pool)) };
  }

  of(runId: string): number {
    return this.#held.get(runId)?.share ?? 0;
  }

  take(runId: string, request: ResourceRequest): void {
    const held = this.#held.get(runId) ?? { ...noUse(), slots: 0, share: 0 };
    this.#held.set(runId, held);
    this.#add(held, request, 1);
  }

  release(runId: string, request: ResourceRequest): void {
    const held = this.#held.get(runId)!;
    this.#add(held, request, -1);
    if (held.slots === 0) this.#held.delete(runId);
  }

  #add(held: Held, request: ResourceRequest, sign: 1 | -1): void {
    held.slots += sign;
    addRequest(held, request, sign);
    const there = this.#there;
    held.share = Math.max(
      held.slots / there.slots,
      shareOf(held.cpuMillis, there.cpuMillis),
      shareOf(held.memoryBytes, there.memoryBytes),
      ...[...held.accelerators].map(([type, count]) => shareOf(count, there.accelerators[type] ?? 0)),
    );
  }
}

/** Adopted steps may hold what there is none of any more. */
function shareOf(held: number, there: number): number {
  return held === 0 ? 0 : held / Math.max(there, held);
}
