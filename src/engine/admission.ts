/**
 * Who runs next, and where. Owns the leaves that are ready (waiting-runs.ts) and the account of what is in use; knows nothing of
 * runs' logic.
 *
 * I1. What is in use never exceeds the capacity (of slots; of CPU, memory and each kind of accelerator on each node).
 * I2. Runs with a higher priority come first; among equals, the one that holds least (admission-turns.ts); within a run the order
 *     is the order of readiness among what fits.
 * I3. A step that does not fit is not overtaken for ever: after MAX_OVERTAKING admissions or MAX_WAIT_MS, or at once if those that
 *     would overtake it have a lower priority, a node is reserved for it (reservations.ts, admission-node.ts I3).
 * I4. A decision costs the same however many steps wait: runs and shapes that do not fit are not looked at again before
 *     something is released (the epoch).
 */
import type { Placement } from '../model/placement.ts';
import type { AdmissionCapacity } from './admission-capacity.ts';
import type { NodePool } from '../executors/executor.ts';
import type { Holding, NodeAccount } from './admission-node.ts';
import { dropHead, freshHead, headOf, RunQueue, type Line } from './admission-queue.ts';
import { shapeKey, shapeOf, type Need, type Shape } from './admission-shape.ts';
import { turns } from './admission-turns.ts';
import { slotWords, TURN_WORDS, waitWords } from './admission-words.ts';
import type { Amounts } from './amounts.ts';
import { Reservations } from './reservations.ts';
import { RunShares } from './run-shares.ts';
import { WaitingRuns } from './waiting-runs.ts';

export interface Admitted<T> {
  readonly item: T;
  readonly holding: Holding;
}

/** How many admissions may pass a waiting step, and for how long, before a node is reserved for it. */
export const MAX_OVERTAKING = 64;
export const MAX_WAIT_MS = 60_000;
/** Shapes that nobody waits with are forgotten beyond this number. */
const MAX_SHAPES = 4096;

interface Look<T> {
  readonly nowMs: number;
  readonly isStale: (item: T) => boolean;
}

export class Admission<T> {
  readonly #capacity: AdmissionCapacity;
  readonly #shares: RunShares;
  readonly #shapes = new Map<string, Shape>();
  #plain: Shape | undefined;
  readonly #waiting = new WaitingRuns<T>();
  readonly #reservations = new Reservations<T>();
  #slotsInUse = 0;
  #sequence = 0;
  #admissions = 0;
  #arrived = 0;
  #epoch = 0;

  constructor(capacity: AdmissionCapacity) {
    this.#capacity = capacity;
    this.#shares = new RunShares(capacity);
  }

  /** Changes when something was given back, so that other steps may fit. */
  get epoch(): number {
    return this.#epoch;
  }

  get hasWaiting(): boolean {
    return this.#waiting.hasAny;
  }

  /** How many have been offered and not admitted; those that have become stale meanwhile are among them. */
  get waitingCount(): number {
    return this.#waiting.stepCount;
  }

  get hasPools(): boolean {
    return this.#capacity.hasPools;
  }

  get load(): AdmissionLoad {
    const { slots, nodes } = this.#capacity;
    return { slots, slotsInUse: this.#slotsInUse, nodes: nodes.map((node) => ({ pool: node.pool, used: node.used() })) };
  }

  /** The same for equal needs. A shape with a refusal must not be offered. */
  shapeOf(need: Need): Shape {
    if (need === NOTHING_NEEDED) return (this.#plain ??= shapeOf(need, this.#capacity));
    const key = shapeKey(need);
    let shape = this.#shapes.get(key);
    if (!shape) {
      if (this.#shapes.size >= MAX_SHAPES) this.#shapes.clear();
      shape = shapeOf(need, this.#capacity);
      this.#shapes.set(key, shape);
    }
    return shape;
  }

  offer(run: { readonly runId: string; readonly priority: number }, item: T, shape: Shape): void {
    const { queues } = this.#waiting.levelOf(run.priority);
    let queue = queues.get(run.runId);
    if (!queue) {
      // What waits with a higher priority had nobody to be overtaken by, and is to be looked at again now that it has.
      if (queues.size === 0 && this.#waiting.hasAbove(run.priority)) this.#epoch += 1;
      queue = new RunQueue<T>(run.runId, { priority: run.priority, servedAt: this.#arrived++ });
      queues.set(run.runId, queue);
    }
    queue.offer(item, shape, this.#sequence++);
  }

  /** Takes the next step that fits, and accounts for it; undefined when none does. `isStale` drops entries that no longer count. */
  next(nowMs: number, isStale: (item: T) => boolean): Admitted<T> | undefined {
    if (this.#slotsInUse >= this.#capacity.slots) return undefined;
    this.#waiting.tidy();
    for (const line of this.#reservations.lines())
      if (!freshHead(line, isStale) && this.#reservations.withdraw(line, nowMs)) this.#epoch += 1;
    for (;;) {
      const epoch = this.#epoch;
      const admitted = this.#nextIn(epoch, { nowMs, isStale });
      // If it has changed, a reservation that nobody needs any more was let go of: others may fit into what it kept.
      if (admitted || epoch === this.#epoch) return admitted;
    }
  }

  /** Accounts for a step that runs already (adopted after a restart), where it was placed. */
  take(runId: string, shape: Shape, placement: Placement | null): Holding {
    const { nodes } = this.#capacity;
    const type = shape.request.accelerator?.type;
    const devices = type === undefined ? undefined : placement?.devices?.[type];
    const node =
      // Where pools were renamed meanwhile, its accelerators are still its own.
      (type !== undefined && devices?.[0] !== undefined ? nodes.find((one) => one.has(type, devices[0]!)) : undefined) ??
      nodes.find(({ pool }) => pool.name === (placement?.node ?? '')) ??
      shape.nodes[0] ??
      nodes[0]!;
    return this.#hold(runId, node, { request: shape.request, devices });
  }

  release(holding: Holding): void {
    this.#slotsInUse -= 1;
    this.#shares.release(holding.runId, holding.request);
    holding.node.release(holding);
    this.#epoch += 1;
  }

  /** Why a step of this shape is not running: a sentence without a subject. */
  waitsFor({ request, nodes }: Shape): string {
    if (this.#slotsInUse >= this.#capacity.slots) return slotWords(this.#capacity.slots);
    const nobody = { owner: {}, priority: Number.POSITIVE_INFINITY };
    return nodes.some((node) => node.fits(request, nobody)) ? TURN_WORDS : waitWords(request, nodes);
  }

  /** The first of each line, of `limit` lines at most: those that wait longest with their like. */
  heads(limit: number): Iterable<T> {
    return this.#waiting.heads(limit);
  }

  #nextIn(epoch: number, look: Look<T>): Admitted<T> | undefined {
    const { levels } = this.#waiting;
    for (const [index, { queues }] of levels.entries()) {
      const isLast = index === levels.length - 1;
      for (const queue of turns(queues, { shares: this.#shares, arrived: this.#arrived, epoch })) {
        const found = this.#firstFitting(queue, { ...look, isLast });
        if (found) return this.#admit(queues, queue, { ...found, nowMs: look.nowMs });
        if (queue.lines.size === 0) queues.delete(queue.runId);
        else queue.blockedAt = epoch;
      }
    }
    return undefined;
  }

  #firstFitting(
    queue: RunQueue<T>,
    look: Look<T> & { readonly isLast: boolean },
  ): { readonly line: Line<T>; readonly node: NodeAccount } | undefined {
    let best: { readonly line: Line<T>; readonly node: NodeAccount } | undefined;
    for (const line of queue.lines.values()) {
      if (line.blockedAt === this.#epoch) continue;
      const head = freshHead(line, look.isStale);
      if (!head) this.#close(queue, line, look.nowMs);
      else if (!best || head.sequence < headOf(best.line)!.sequence) {
        const node = line.shape.nodes.find((candidate) =>
          candidate.fits(line.shape.request, { owner: line, priority: queue.priority }),
        );
        if (node) best = { line, node };
        else this.#holdBack(line, { ...look, priority: queue.priority });
      }
    }
    return best;
  }

  #admit(
    queues: Map<string, RunQueue<T>>,
    queue: RunQueue<T>,
    { line, node, nowMs }: { readonly line: Line<T>; readonly node: NodeAccount; readonly nowMs: number },
  ): Admitted<T> {
    const { item } = headOf(line)!;
    dropHead(line);
    const holding = this.#hold(queue.runId, node, { request: line.shape.request });
    line.refused = undefined;
    if (this.#reservations.withdraw(line, nowMs)) this.#epoch += 1;
    if (!headOf(line)) queue.lines.delete(line.shape);
    queues.delete(queue.runId);
    queue.servedAt = this.#arrived;
    if (queue.lines.size > 0) queues.set(queue.runId, queue);
    this.#admissions += 1;
    return { item, holding };
  }

  #hold(
    runId: string,
    node: NodeAccount,
    { request, devices }: { readonly request: Shape['request']; readonly devices?: readonly number[] | undefined },
  ): Holding {
    this.#slotsInUse += 1;
    this.#shares.take(runId, request);
    return node.take(runId, request, devices);
  }

  /** The line does not fit now; when it has been passed often enough, a node is kept for it. */
  #holdBack(line: Line<T>, { nowMs, isLast, priority }: { nowMs: number; isLast: boolean; priority: number }): void {
    line.blockedAt = this.#epoch;
    line.refused ??= { atMs: nowMs, admissions: this.#admissions };
    if (this.#reservations.has(line)) {
      if (this.#reservations.reconsider(line, nowMs)) this.#epoch += 1;
      return;
    }
    const overtaken = this.#admissions - line.refused.admissions;
    if (isLast && overtaken < MAX_OVERTAKING && nowMs - line.refused.atMs < MAX_WAIT_MS) return;
    this.#reservations.claim(line, { priority, nowMs });
  }

  #close(queue: RunQueue<T>, line: Line<T>, nowMs: number): void {
    if (this.#reservations.withdraw(line, nowMs)) this.#epoch += 1;
    queue.lines.delete(line.shape);
  }
}

/** What is in use of what there is, on each node. */
export interface AdmissionLoad {
  readonly slots: number;
  readonly slotsInUse: number;
  readonly nodes: readonly { readonly pool: NodePool; readonly used: Amounts }[];
}

/** The need of most steps: they take a slot, and nothing is known of what they use. */
export const NOTHING_NEEDED: Need = { request: {} };
