/**
 * The loop: takes what happened, decides, records, acts.
 *
 * Owns: the order in which this is done, and the parts it is done with: inbox, runs in memory, admission, attempts, timers. Doesn't
 * own: how a run proceeds (decide.ts), where steps run (executor), what is remembered (store).
 *
 * I1. All that one tick decides is recorded in one transaction before any of it is acted on.
 * I2. One tick runs at a time (ticker.ts); what arrives meanwhile waits in the inbox.
 * I3. If recording fails, nothing more is decided: memory is ahead of the store, and only a restart is right. A store that is full
 *     is waited for: nothing was written, and the same can be written later.
 */
import type { Clock } from '../base/clock.ts';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { Executor, Observation } from '../executors/executor.ts';
import type { RunEvent } from '../model/events.ts';
import type { StoreFull } from '../store/store-full.ts';
import type { Store } from '../store/store.ts';
import type { AdmissionLoad } from './admission.ts';
import type { PlacementSettings } from './admission-capacity.ts';
import { decideTick, type DecidedTick, type DecidingOptions } from './decide-tick.ts';
import type { Command, Effects } from './effects.ts';
import { answerFind, type FindCommand } from './find-artifacts.ts';
import { Inbox } from './inbox.ts';
import { LeafAdmission } from './leaf-admission.ts';
import { LiveAttempts, type StepNote } from './live-attempts.ts';
import { LiveRuns } from './live-runs.ts';
import { type LoopUpdate, recordTick, type RecordingOptions } from './record-tick.ts';
import type { RunData, TaskInstance } from './run-data.ts';
import { Timers } from './timers.ts';
import { Ticker } from './ticker.ts';
import { waitForSpace } from './wait-for-space.ts';

export interface LoopOptions {
  readonly store: Store;
  readonly artifacts: ArtifactStore;
  readonly executor: Executor;
  readonly clock: Clock;
  /** Default: what the executor finds on the machine, as one node. */
  readonly placement?: PlacementSettings;
  readonly workspacePath?: (runId: string) => string;
  /** Whether other servers use the store too. Default: false. */
  readonly isShared?: boolean;
  /** Told after each commit; must not throw. */
  readonly onUpdate: (update: LoopUpdate) => void;
  readonly onNote: (note: StepNote) => void;
  readonly onFatal: (error: unknown) => void;
  /** Told when recording waits because the store is full; with undefined, when it goes on. */
  readonly onStoreFull?: (error: StoreFull | undefined) => void;
  /** Told how long each tick took, in seconds. */
  readonly onTick?: (seconds: number) => void;
}

/** How busy this engine is: steps that wait for room, steps that run, and what they hold of what there is. */
export interface EngineLoad extends AdmissionLoad {
  readonly waiting: number;
  readonly running: number;
}

const TELLING = 'telling what waits';

export class Loop {
  readonly #options: LoopOptions;
  readonly #inbox = new Inbox();
  readonly #runs = new LiveRuns();
  readonly #attempts: LiveAttempts;
  readonly #timers: Timers;
  readonly #admission: LeafAdmission;
  readonly #deciding: DecidingOptions;
  readonly #recording: RecordingOptions;
  readonly #ticker: Ticker;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#admission = new LeafAdmission(options);
    const { store, artifacts, executor, clock, isShared, onNote, onUpdate } = options;
    const inbox = this.#inbox;
    const runs = this.#runs;
    const admission = this.#admission;
    const post = (run: RunData, event: RunEvent): void => this.post(run, event);
    const withSpace = <T>(work: () => Promise<T>): Promise<T> => this.#withSpace(work);
    this.#timers = new Timers({ clock, post });
    this.#attempts = new LiveAttempts({ executor, clock, admission, post, onNote, onLeft: () => this.#ticker.wake() });
    this.#deciding = { store, artifacts, clock, inbox, runs, admission, withSpace, onNote };
    this.#recording = { store, runs, isShared, withSpace, onUpdate, drop: (runId) => this.drop(runId) };
    this.#ticker = new Ticker({
      tick: () => this.#tick(),
      hasWork: () => !this.#inbox.isEmpty,
      runningCount: () => this.#attempts.count,
      onFatal: options.onFatal,
      onTick: options.onTick,
    });
  }

  /** Adds a run that has just begun or was folded from its events. */
  add(data: RunData, sequence: number): void {
    this.#runs.add(data, sequence);
    this.#timers.armDeadline(data);
  }

  get(runId: string): RunData | undefined {
    return this.#runs.get(runId);
  }

  /** The runs that are not final. */
  running(): readonly string[] {
    return this.#runs.running();
  }

  /** Another server goes on with the run: nothing more is decided of it here, and what it has running here is ended. */
  drop(runId: string): void {
    const dropped = this.#runs.get(runId);
    if (!dropped) return;
    this.#runs.remove(runId);
    this.#attempts.drop(dropped);
    this.#timers.disarmRun(runId);
    this.#ticker.wake();
  }

  post(run: RunData, event: RunEvent): void {
    this.#inbox.post(run, event);
    this.#ticker.wake();
  }

  /** Takes effects that were decided outside of a tick: the beginning of a run, or what is owed after a restart. */
  enqueue(effects: Effects): void {
    this.#inbox.enqueue(effects);
    this.#ticker.wake();
  }

  /** Until `admitAgain`, nothing is admitted: what runs already must be accounted for first. */
  holdAdmission(): void {
    this.#admission.hold(true);
  }

  admitAgain(): void {
    this.#admission.hold(false);
    this.#ticker.wake();
  }

  /** After a restart: goes on with a step that was handed to the executor before. */
  reattach(run: RunData, task: TaskInstance): void {
    this.#attempts.reattach(run, task);
  }

  observe(observation: Observation): void {
    this.#attempts.observe(observation);
  }

  /** Resolves when nothing is being decided and nothing waits to be: what happens next comes from outside. */
  settled(): Promise<void> {
    return this.#ticker.settled();
  }

  /** Resolves when all that was posted so far is recorded, also while there is always more to do. */
  recorded(): Promise<void> {
    return this.#ticker.recorded();
  }

  /** Decides nothing more; resolves when the tick that is under way has been recorded. */
  async stop(): Promise<void> {
    const stopped = this.#ticker.stop();
    this.#timers.disarmAll();
    await stopped;
  }

  /** Steps that are ready and wait for room, and steps that were launched and have not ended. */
  get load(): EngineLoad {
    return { ...this.#admission.load, running: this.#attempts.count };
  }

  async #tick(): Promise<void> {
    const decided = await decideTick(this.#deciding);
    this.#tellWaiting(decided.effects);
    await recordTick(decided, this.#recording); // I1, I3: throws, and then nothing is acted on
    if (!this.#ticker.isStopped) this.#act(decided);
  }

  #act({ launched, acts }: DecidedTick): void {
    for (const leaf of launched) {
      if (leaf.task.phase === 'running' && this.#runs.isHere(leaf.run)) this.#attempts.launch(leaf);
      else this.#admission.release(leaf.holding);
    }
    for (const command of acts) if (!('run' in command) || this.#runs.isHere(command.run)) this.#carryOut(command);
  }

  #carryOut(command: Command): void {
    switch (command.kind) {
      case 'cancel-attempt':
        return this.#options.executor.cancel(command.attemptId);
      case 'retry-at':
        return this.#timers.armRetry(command.run, command.task, command.atMs);
      case 'import':
      case 'resolve':
        return this.#find(command);
      case 'run-ended':
        return this.#forget(command.run);
      case 'look-up':
      case 'offer':
        throw new Error(`bug: ${command.kind} is dealt with before recording`);
    }
  }

  #find(command: FindCommand): void {
    void answerFind(this.#options, command).then((event) => this.post(command.run, event));
  }

  /** A final run leaves memory; resuming folds it from its events again. */
  #forget(run: RunData): void {
    if (run.endedAtMs === null) return;
    this.#runs.remove(run.definition.runId);
    this.#timers.disarmDeadline(run);
  }

  #tellWaiting(effects: Effects): void {
    const againAtMs = this.#admission.tellWaiting(effects);
    if (againAtMs === undefined || this.#timers.isArmed(TELLING)) return;
    this.#timers.arm(TELLING, againAtMs, () => this.#ticker.wake());
  }

  #withSpace<T>(work: () => Promise<T>): Promise<T> {
    const { clock, onStoreFull } = this.#options;
    return waitForSpace(work, { clock, onFull: onStoreFull, isStopped: () => this.#ticker.isStopped });
  }
}
