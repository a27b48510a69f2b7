/**
 * Who runs next. Owns the queues of leaves that are ready and the account of what is in use; knows nothing of runs' logic.
 *
 * I1. What is in use never exceeds the capacity (of slots, CPU, memory, each kind of accelerator).
 * I2. Runs take turns; within a run the order is the order of readiness.
 * I3. A step that does not fit now is not overtaken for ever: later ones of its own run wait behind it, and after
 *     MAX_OVERTAKING admissions of other runs everything waits until there is room for it.
 */
import type { Capacity, ResourceRequest } from '../executors/executor.ts';

export interface Waiting<T> {
  readonly item: T;
  readonly request: ResourceRequest;
}

interface InUse {
  slots: number;
  cpuMillis: number;
  memoryBytes: number;
  readonly accelerators: Map<string, number>;
}

/** How many admissions may pass a waiting head of the line before nothing passes it any more. */
const MAX_OVERTAKING = 64;

export class Admission<T> {
  readonly #capacity: Capacity;
  readonly #queues = new Map<string, { readonly entries: Waiting<T>[]; head: number }>();
  readonly #inUse: InUse = { slots: 0, cpuMillis: 0, memoryBytes: 0, accelerators: new Map() };
  #turns: string[] = [];
  #overtaken = 0;

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  /** Why the request can never be met, or undefined if it can. */
  impossible(request: ResourceRequest): string | undefined {
    const { cpuMillis, memoryBytes, accelerators } = this.#capacity;
    if ((request.cpuMillis ?? 0) > cpuMillis) return `asks for ${request.cpuMillis} millicores of CPU, there are ${cpuMillis}`;
    if ((request.memoryBytes ?? 0) > memoryBytes)
      return `asks for ${request.memoryBytes} bytes of memory, there are ${memoryBytes}`;
    const { accelerator } = request;
    if (accelerator && accelerator.count > (accelerators[accelerator.type] ?? 0)) {
      return `asks for ${accelerator.count} × ${accelerator.type}, there are ${accelerators[accelerator.type] ?? 0}`;
    }
    return undefined;
  }

  /** The request cut down to what the machine has, for executors that meet requests only as far as possible. */
  clamp(request: ResourceRequest): ResourceRequest {
    const { accelerator, ...rest } = request;
    const available = accelerator ? Math.min(accelerator.count, this.#capacity.accelerators[accelerator.type] ?? 0) : 0;
    return {
      ...rest,
      ...(request.cpuMillis === undefined ? {} : { cpuMillis: Math.min(request.cpuMillis, this.#capacity.cpuMillis) }),
      ...(request.memoryBytes === undefined ? {} : { memoryBytes: Math.min(request.memoryBytes, this.#capacity.memoryBytes) }),
      ...(accelerator && available > 0 ? { accelerator: { type: accelerator.type, count: available } } : {}),
    };
  }

  offer(runId: string, waiting: Waiting<T>): void {
    let queue = this.#queues.get(runId);
    if (!queue) {
      queue = { entries: [], head: 0 };
      this.#queues.set(runId, queue);
      this.#turns.push(runId);
    }
    queue.entries.push(waiting);
  }

  /** Takes the next step that fits, and accounts for it; undefined when none does. `isStale` drops entries that no longer count. */
  next(isStale: (item: T) => boolean): Waiting<T> | undefined {
    if (this.#inUse.slots >= this.#capacity.slots) return undefined;
    for (let turn = 0; turn < this.#turns.length;) {
      const runId = this.#turns[turn]!;
      const queue = this.#queues.get(runId)!;
      while (queue.head < queue.entries.length && isStale(queue.entries[queue.head]!.item)) queue.head += 1;
      const waiting = queue.entries[queue.head];
      if (!waiting) {
        this.#queues.delete(runId);
        this.#turns.splice(turn, 1);
        continue;
      }
      if (this.#fits(waiting.request)) {
        if (turn > 0) this.#overtaken += 1;
        else this.#overtaken = 0;
        queue.head += 1;
        if (queue.head > 1024 && queue.head * 2 > queue.entries.length) {
          queue.entries.splice(0, queue.head);
          queue.head = 0;
        }
        this.#turns.splice(turn, 1);
        this.#turns.push(runId);
        this.take(waiting.request);
        return waiting;
      }
      // The head of the line has been passed often enough: hold everything back until there is room for it.
      if (turn === 0 && this.#overtaken >= MAX_OVERTAKING) return undefined;
      turn += 1;
    }
    return undefined;
  }

  /** Accounts for a step that runs already (adopted after a restart). */
  take(request: ResourceRequest): void {
    this.#account(request, 1);
  }

  release(request: ResourceRequest): void {
    this.#account(request, -1);
  }

  #account(request: ResourceRequest, sign: 1 | -1): void {
    this.#inUse.slots += sign;
    this.#inUse.cpuMillis += sign * (request.cpuMillis ?? 0);
    this.#inUse.memoryBytes += sign * (request.memoryBytes ?? 0);
    const { accelerator } = request;
    if (accelerator) {
      this.#inUse.accelerators.set(
        accelerator.type,
        (this.#inUse.accelerators.get(accelerator.type) ?? 0) + sign * accelerator.count,
      );
    }
  }

  #fits(request: ResourceRequest): boolean {
    const used = this.#inUse;
    const { accelerator } = request;
    return (
      used.slots < this.#capacity.slots &&
      used.cpuMillis + (request.cpuMillis ?? 0) <= this.#capacity.cpuMillis &&
      used.memoryBytes + (request.memoryBytes ?? 0) <= this.#capacity.memoryBytes &&
      (!accelerator ||
        (used.accelerators.get(accelerator.type) ?? 0) + accelerator.count <=
          (this.#capacity.accelerators[accelerator.type] ?? 0))
    );
  }
}
