import { Admission, NOTHING_NEEDED } from '../../src/engine/admission.ts';
import { admissionCapacity } from '../../src/engine/admission-capacity.ts';
import type { Holding } from '../../src/engine/admission-node.ts';
import type { Capacity, NodePool, ResourceRequest } from '../../src/executors/executor.ts';

export const GPU = 'nvidia.com/gpu';

/** An admission with the holdings of what it admitted, by name. Default: 10 slots, 4 CPU, 1000 bytes, 2 GPUs, as one node. */
export class AdmissionScene {
  readonly admission: Admission<string>;
  readonly holdings = new Map<string, Holding>();
  nowMs = 0;

  constructor(capacity: Partial<Capacity> = {}, pools?: readonly NodePool[]) {
    const found = { slots: 10, cpuMillis: 4000, memoryBytes: 1000, accelerators: { [GPU]: 2 }, ...capacity };
    this.admission = new Admission(admissionCapacity(found, pools ? { pools } : {}, { strict: true }));
  }

  offer(run: string, name: string, request: ResourceRequest = {}, priority = 0): void {
    const need = Object.keys(request).length === 0 ? NOTHING_NEEDED : { request };
    this.admission.offer({ runId: run, priority }, name, this.admission.shapeOf(need));
  }

  admitted(isStale: (name: string) => boolean = () => false): string[] {
    const names: string[] = [];
    for (;;) {
      const next = this.admission.next(this.nowMs, isStale);
      if (!next) return names;
      this.holdings.set(next.item, next.holding);
      names.push(next.item);
    }
  }

  release(...names: readonly string[]): void {
    for (const name of names) {
      this.admission.release(this.holdings.get(name)!);
      this.holdings.delete(name);
    }
  }

  waitsFor(request: ResourceRequest): string {
    return this.admission.waitsFor(this.admission.shapeOf({ request }));
  }
}
