/**
 * Who runs next, and where. Owns the queues of leaves that are ready and the account of what is in use; knows nothing of runs' logic.
 *
 * I1. What is in use never exceeds the capacity (of slots; of CPU, memory and each kind of accelerator on each node).
 * I2. Runs with a higher priority come first; among equals, runs take turns; within a run the order is the order of readiness
 *     among what fits.
 * I3. A step that does not fit is not overtaken for ever: after MAX_OVERTAKING admissions or MAX_WAIT_MS, or at once if those that
 *     would overtake it have a lower priority, a node is reserved for it (admission-node.ts I3).
 * I4. A decision costs the same however many steps wait: runs and shapes that do not fit are not looked at again before
 *     something is released (the epoch).
 */
import type { Placement } from '../model/placement.ts';
import type { AdmissionCapacity } from './admission-capacity.ts';
import type { Holding, NodeAccount } from './admission-node.ts';
import { dropHead, headOf, RunQueue, type Line } from './admission-queue.ts';
import { shapeKey, shapeOf, type Need, type Shape } from './admission-shape.ts';
import { slotWords, TURN_WORDS, waitWords } from './admission-words.ts';

export interface Admitted<T> {
  readonly item: T;
  readonly holding: Holding;
}

/** How many admissions may pass a waiting step, and for how long, before a node is reserved for it. */
export const MAX_OVERTAKING = 64;
export const MAX_WAIT_MS = 60_000;
/** Shapes that nobody waits with are forgotten beyond this number. */
const MAX_SHAPES = 4096;

export class Admission<T> {
  readonly #capacity: AdmissionCapacity;
  readonly #shapes = new Map<string, Shape>();
  #plain: Shape | undefined;
  /** By priority, highest first; the runs of one in the order of their turns. */
  #levels: { readonly priority: number; readonly queues: Map<string, RunQueue<T>> }[] = [];
  /** Lines that were passed often enough, by their priority, in the order in which they were; each waits for a node to be kept for it. */
  readonly #aged = new Map<Line<T>, number>();
  #slotsInUse = 0;
  #sequence = 0;
  #admissions = 0;
  #epoch = 0;

  constructor(capacity: AdmissionCapacity) {
    this.#capacity = capacity;
  }

  /** Changes when something was given back, so that other steps may fit. */
  get epoch(): number {
    return this.#epoch;
  }

  get hasWaiting(): boolean {
    return this.#levels.some(({ queues }) => queues.size > 0);
  }

  /** How many have been offered and not admitted; those that have become stale meanwhile are among them. */
  get waitingCount(): number {
    let count = 0;
    for (const { queues } of this.#levels)
      for (const { lines } of queues.values()) for (const { entries, head } of lines.values()) count += entries.length - head;
    return count;
  }

  get hasPools(): boolean {
    return this.#capacity.hasPools;
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
    const level = this.#levelOf(run.priority);
    let queue = level.get(run.runId);
    if (!queue) {
      queue = new RunQueue<T>(run.runId, run.priority);
      level.set(run.runId, queue);
    }
    queue.offer(item, shape, this.#sequence++);
  }

  /** Takes the next step that fits, and accounts for it; undefined when none does. `isStale` drops entries that no longer count. */
  next(nowMs: number, isStale: (item: T) => boolean): Admitted<T> | undefined {
    if (this.#slotsInUse >= this.#capacity.slots) return undefined;
    if (this.#levels.length > 1) this.#levels = this.#levels.filter(({ queues }) => queues.size > 0);
    for (;;) {
      const epoch = this.#epoch;
      const admitted = this.#nextIn(epoch, { nowMs, isStale });
      // If it has changed, a reservation that nobody needs any more was let go of: others may fit into what it kept.
      if (admitted || epoch === this.#epoch) return admitted;
    }
  }

  /** Accounts for a step that runs already (adopted after a restart), where it was placed. */
  take(shape: Shape, placement: Placement | null): Holding {
    const { nodes } = this.#capacity;
    const type = shape.request.accelerator?.type;
    const node = nodes.find(({ pool }) => pool.name === (placement?.node ?? '')) ?? shape.nodes[0] ?? nodes[0]!;
    this.#slotsInUse += 1;
    return node.take(shape.request, type === undefined ? undefined : placement?.devices?.[type]);
  }

  release(holding: Holding): void {
    this.#slotsInUse -= 1;
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
  *heads(limit: number): Iterable<T> {
    let left = limit;
    for (const { queues } of this.#levels) {
      for (const { lines } of queues.values()) {
        for (const line of lines.values()) {
          if (left-- <= 0) return;
          const head = headOf(line);
          if (head) yield head.item;
        }
      }
    }
  }

  #levelOf(priority: number): Map<string, RunQueue<T>> {
    const found = this.#levels.find((level) => level.priority === priority);
    if (found) return found.queues;
    const queues = new Map<string, RunQueue<T>>();
    this.#levels = [...this.#levels, { priority, queues }].sort((left, right) => right.priority - left.priority);
    return queues;
  }

  #nextIn(epoch: number, look: { readonly nowMs: number; readonly isStale: (item: T) => boolean }): Admitted<T> | undefined {
    for (const [index, { queues }] of this.#levels.entries()) {
      const isLast = index === this.#levels.length - 1;
      for (const queue of queues.values()) {
        if (queue.blockedAt === epoch) continue;
        const found = this.#firstFitting(queue, { ...look, isLast });
        if (found) return this.#admit(queues, queue, found);
        if (queue.lines.size === 0) queues.delete(queue.runId);
        else queue.blockedAt = epoch;
      }
    }
    return undefined;
  }

  #firstFitting(
    queue: RunQueue<T>,
    { nowMs, isStale, isLast }: { nowMs: number; isStale: (item: T) => boolean; isLast: boolean },
  ): { readonly line: Line<T>; readonly node: NodeAccount } | undefined {
    let best: { readonly line: Line<T>; readonly node: NodeAccount } | undefined;
    for (const line of queue.lines.values()) {
      if (line.blockedAt === this.#epoch) continue;
      for (let head = headOf(line); head && isStale(head.item); head = headOf(line)) dropHead(line);
      const head = headOf(line);
      if (!head) this.#close(queue, line);
      else if (!best || head.sequence < headOf(best.line)!.sequence) {
        const node = line.shape.nodes.find((candidate) =>
          candidate.fits(line.shape.request, { owner: line, priority: queue.priority }),
        );
        if (node) best = { line, node };
        else this.#holdBack(line, { nowMs, isLast, priority: queue.priority });
      }
    }
    return best;
  }

  #admit(
    queues: Map<string, RunQueue<T>>,
    queue: RunQueue<T>,
    { line, node }: { line: Line<T>; node: NodeAccount },
  ): Admitted<T> {
    const { item } = headOf(line)!;
    dropHead(line);
    const holding = node.take(line.shape.request);
    this.#unreserve(line);
    line.refused = undefined;
    if (!headOf(line)) this.#close(queue, line);
    queues.delete(queue.runId);
    if (queue.lines.size > 0) queues.set(queue.runId, queue);
    this.#slotsInUse += 1;
    this.#admissions += 1;
    return { item, holding };
  }

  /** The line does not fit now; when it has been passed often enough, a node is kept for it. */
  #holdBack(line: Line<T>, { nowMs, isLast, priority }: { nowMs: number; isLast: boolean; priority: number }): void {
    line.blockedAt = this.#epoch;
    line.refused ??= { atMs: nowMs, admissions: this.#admissions };
    if (this.#aged.has(line) || line.reservedOn?.reservation?.owner === line) return;
    const overtaken = this.#admissions - line.refused.admissions;
    if (isLast && overtaken < MAX_OVERTAKING && nowMs - line.refused.atMs < MAX_WAIT_MS) return;
    this.#aged.set(line, priority);
    this.#reserveForAged();
  }

  /** One for each node: those that were passed first come first. */
  #reserveForAged(): void {
    for (const [line, priority] of [...this.#aged].sort(([, left], [, right]) => right - left)) {
      const node = line.shape.nodes.find(({ reservation }) => !reservation || reservation.priority < priority);
      if (!node) continue;
      node.reserve({ owner: line, priority, request: line.shape.request });
      line.reservedOn = node;
      this.#aged.delete(line);
    }
  }

  #unreserve(line: Line<T>): void {
    this.#aged.delete(line);
    if (!line.reservedOn) return;
    line.reservedOn.unreserve(line);
    line.reservedOn = undefined;
    // Others may fit now into what was kept.
    this.#epoch += 1;
    this.#reserveForAged();
  }

  #close(queue: RunQueue<T>, line: Line<T>): void {
    this.#unreserve(line);
    queue.lines.delete(line.shape);
  }
}

/** The need of most steps: they take a slot, and nothing is known of what they use. */
export const NOTHING_NEEDED: Need = { request: {} };
