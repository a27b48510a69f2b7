/**
 * The account of one node: what is in use, which accelerators are whose, and what is kept for a step that waits for much.
 *
 * I1. What is in use never exceeds what the node has, except by steps that ran already when the engine started.
 * I2. An accelerator belongs to one step at a time.
 * I3. While something is reserved, others are admitted only into room that the reserved step will not need: when all that ran
 *     before the reservation has ended, there is room for it.
 */
import type { NodePool, ResourceRequest } from '../executors/executor.ts';
import { addRequest, type Amounts, amountsOf, noUse, type Use } from './amounts.ts';

/** Identity of whoever a reservation is for. */
export type Owner = object;

export interface Reservation {
  readonly owner: Owner;
  readonly priority: number;
  readonly request: ResourceRequest;
  /** In use by steps that were admitted after the reservation was made. */
  readonly since: Use;
}

/** What one admitted step holds; given back as a whole. */
export interface Holding {
  readonly runId: string;
  readonly node: NodeAccount;
  readonly request: ResourceRequest;
  readonly devices: readonly number[];
  readonly reservation: Reservation | undefined;
}

export class NodeAccount {
  readonly pool: NodePool;
  readonly #isImagined: boolean;
  readonly #devices: Readonly<Record<string, readonly number[]>>;
  readonly #used = noUse();
  /** Free indexes of each kind of accelerator, ascending. */
  readonly #free: Map<string, number[]>;
  #reservation: Reservation | undefined;

  /** `devices` are the indexes of the node's accelerators on the machine, by type. What an imagined node gives takes no room. */
  constructor(
    pool: NodePool,
    devices: Readonly<Record<string, readonly number[]>>,
    { isImagined }: { readonly isImagined: boolean },
  ) {
    this.pool = pool;
    this.#isImagined = isImagined;
    this.#devices = devices;
    this.#free = new Map(Object.entries(devices).map(([type, indexes]) => [type, [...indexes]]));
  }

  get reservation(): Reservation | undefined {
    return this.#reservation;
  }

  /** Whether there is room now for `by`. */
  fits(request: ResourceRequest, by: { readonly owner: Owner; readonly priority: number }): boolean {
    if (!hasRoom(this.pool, this.#used, request)) return false;
    const reserved = this.#reservation;
    if (!reserved || reserved.owner === by.owner || by.priority > reserved.priority) return true;
    return hasRoom(this.pool, reserved.since, request, reserved.request);
  }

  reserve(reservation: Omit<Reservation, 'since'>): void {
    this.#reservation = { ...reservation, since: noUse() };
  }

  unreserve(owner: Owner): void {
    if (this.#reservation?.owner === owner) this.#reservation = undefined;
  }

  /** `wanted`: the devices a step that runs already holds. */
  take(runId: string, request: ResourceRequest, wanted?: readonly number[]): Holding {
    if (this.#isImagined) return { runId, node: this, request, devices: [], reservation: undefined };
    const devices = request.accelerator ? this.#takeDevices(request.accelerator, wanted) : [];
    const holding = { runId, node: this, request, devices, reservation: this.#reservation };
    addRequest(this.#used, request, 1);
    if (this.#reservation) addRequest(this.#reservation.since, request, 1);
    return holding;
  }

  release({ request, devices, reservation }: Holding): void {
    if (this.#isImagined) return;
    addRequest(this.#used, request, -1);
    if (reservation && reservation === this.#reservation) addRequest(reservation.since, request, -1);
    if (!request.accelerator) return;
    const free = this.#free.get(request.accelerator.type) ?? [];
    this.#free.set(
      request.accelerator.type,
      [...free, ...devices].sort((left, right) => left - right),
    );
  }

  used(): Amounts {
    return amountsOf(this.#used);
  }

  /** Whether the accelerator of this index is one of the node's. */
  has(type: string, index: number): boolean {
    return this.#devices[type]?.includes(index) === true;
  }

  /** How much of what is asked for is free, by what there is least of; 1 and more: there is room. */
  roomFor({ cpuMillis = 0, memoryBytes = 0, accelerator }: ResourceRequest): number {
    return Math.min(
      cpuMillis === 0 ? 1 : this.freeCpuMillis() / cpuMillis,
      memoryBytes === 0 ? 1 : this.freeMemoryBytes() / memoryBytes,
      accelerator ? this.freeAccelerators(accelerator.type) / accelerator.count : 1,
    );
  }

  freeCpuMillis(): number {
    return this.pool.cpuMillis - this.#used.cpuMillis;
  }

  freeMemoryBytes(): number {
    return this.pool.memoryBytes - this.#used.memoryBytes;
  }

  freeAccelerators(type: string): number {
    return (this.pool.accelerators[type] ?? 0) - (this.#used.accelerators.get(type) ?? 0);
  }

  #takeDevices({ type, count }: NonNullable<ResourceRequest['accelerator']>, wanted?: readonly number[]): readonly number[] {
    const free = this.#free.get(type) ?? [];
    const taken = wanted ?? free.slice(0, count);
    this.#free.set(
      type,
      free.filter((index) => !taken.includes(index)),
    );
    return taken;
  }
}

/** Nothing is compared that is not asked for: what asks for nothing fits on a node that adopted steps have overfilled. */
function hasRoom(pool: NodePool, used: Use, request: ResourceRequest, kept: ResourceRequest = {}): boolean {
  const { cpuMillis = 0, memoryBytes = 0, accelerator } = request;
  if (cpuMillis > 0 && used.cpuMillis + cpuMillis + (kept.cpuMillis ?? 0) > pool.cpuMillis) return false;
  if (memoryBytes > 0 && used.memoryBytes + memoryBytes + (kept.memoryBytes ?? 0) > pool.memoryBytes) return false;
  if (!accelerator) return true;
  const { type, count } = accelerator;
  const keptCount = kept.accelerator?.type === type ? kept.accelerator.count : 0;
  return (used.accelerators.get(type) ?? 0) + count + keptCount <= (pool.accelerators[type] ?? 0);
}
