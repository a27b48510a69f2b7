/**
 * Admission as the loop uses it: leaves of runs instead of needs, and what those that wait are told.
 *
 * Owns: the admission, what each offered leaf asks for. Doesn't own: what follows from admitting or refusing one (loop.ts).
 */
import type { Clock } from '../base/clock.ts';
import type { Executor } from '../executors/executor.ts';
import { Admission, NOTHING_NEEDED, type AdmissionLoad } from './admission.ts';
import { admissionCapacity, type PlacementSettings } from './admission-capacity.ts';
import type { Holding } from './admission-node.ts';
import type { Shape } from './admission-shape.ts';
import type { Refusal } from './admission-words.ts';
import { touch, type Effects } from './effects.ts';
import { needOf } from './resources.ts';
import type { RunData, TaskInstance } from './run-data.ts';

export interface Offer {
  readonly run: RunData;
  readonly task: TaskInstance;
  readonly cacheMiss?: string;
}

export interface Launched extends Offer {
  readonly holding: Holding;
}

export interface LeafAdmissionOptions {
  readonly executor: Executor;
  readonly clock: Clock;
  /** Default: what the executor finds on the machine, as one node. */
  readonly placement?: PlacementSettings;
}

/** What steps wait for changes with every end of another; so many are told of it, and so often. */
const MAX_TOLD = 64;
const TOLD_EVERY_MS = 1000;

export class LeafAdmission {
  readonly #options: LeafAdmissionOptions;
  readonly #shapes = new WeakMap<TaskInstance, Shape>();
  #admissionOnce: Admission<Offer> | undefined;
  #isHeld = false;
  /** When waiting steps were last told what they wait for, and what had been released by then. */
  #told = { atMs: 0, epoch: -1 };

  constructor(options: LeafAdmissionOptions) {
    this.#options = options;
  }

  /** Made when it is first needed: an executor knows its capacity once it has started. */
  get #admission(): Admission<Offer> {
    const { executor, placement = {} } = this.#options;
    return (this.#admissionOnce ??= new Admission(
      admissionCapacity(executor.capacity(), placement, { strict: executor.capabilities.strictResources }),
    ));
  }

  get load(): AdmissionLoad & { readonly waiting: number } {
    return { ...this.#admission.load, waiting: this.#admission.waitingCount };
  }

  /** While it is held, nothing is admitted. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  /** Lets the leaf wait for its turn, unless it can never have one. A warning says what it gets less of; it follows "this step". */
  offer(offer: Offer): { readonly refusal?: Refusal; readonly warning?: string } {
    const { run, task } = offer;
    const need = needOf(run, task, this.#admission);
    if ('message' in need) return { refusal: need };
    const shape = this.#admission.shapeOf(need);
    if (shape.refusal) return { refusal: shape.refusal };
    this.#shapes.set(task, shape);
    const { runId, settings } = run.definition;
    this.#admission.offer({ runId, priority: settings.priority ?? 0 }, offer, shape);
    return shape.warning === undefined ? {} : { warning: shape.warning };
  }

  /** The next leaf that fits; it is still `ready`. `isHere` says whether its run is this engine's. */
  next(isHere: (run: RunData) => boolean): Launched | undefined {
    if (this.#isHeld) return undefined;
    // An offer is stale when the task was cancelled or reset while it waited.
    const isStale = ({ run, task }: Offer) => task.phase !== 'ready' || !isHere(run);
    const admitted = this.#admission.next(this.#options.clock.now(), isStale);
    return admitted && { ...admitted.item, holding: admitted.holding };
  }

  /** Accounts for a leaf that was admitted before a restart; what can no longer be read or placed takes a slot like any other. */
  take(run: RunData, task: TaskInstance): Holding {
    const need = needOf(run, task, this.#admission);
    const shape = this.#admission.shapeOf('message' in need ? NOTHING_NEEDED : need);
    return this.#admission.take(run.definition.runId, shape, task.placement);
  }

  release(holding: Holding): void {
    this.#admission.release(holding);
  }

  /**
   * Leaves whose rows are written say what they wait for; those that wait longest say it again while it changes. Returns when to
   * come again (epoch milliseconds) if it is too early for that.
   */
  tellWaiting(effects: Effects): number | undefined {
    const nowMs = this.#options.clock.now();
    for (const tasks of effects.touched.values()) for (const task of tasks) task.waitsFor = this.#waitsFor(task);
    const { epoch } = this.#admission;
    if (epoch === this.#told.epoch || !this.#admission.hasWaiting) return undefined;
    const dueMs = this.#told.atMs + TOLD_EVERY_MS;
    if (nowMs < dueMs) return dueMs;
    this.#told = { atMs: nowMs, epoch };
    for (const { run, task } of this.#admission.heads(MAX_TOLD)) {
      const words = this.#waitsFor(task);
      if (words === task.waitsFor || words === null) continue;
      task.waitsFor = words;
      touch({ run, effects }, task);
    }
    return undefined;
  }

  #waitsFor(task: TaskInstance): string | null {
    const shape = task.phase === 'ready' ? this.#shapes.get(task) : undefined;
    return shape ? this.#admission.waitsFor(shape) : null;
  }
}
