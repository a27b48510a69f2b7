/**
 * The loop: takes what happened, decides, records, acts.
 *
 * Owns: the runs in memory, the inbox, admission, timers. Doesn't own: how a run proceeds (decide.ts), where steps run
 * (executor), what is remembered (store).
 *
 * I1. All that one tick decides is recorded in one transaction before any of it is acted on.
 * I2. One tick runs at a time; what arrives meanwhile waits in the inbox.
 * I3. If recording fails, nothing more is decided: memory is ahead of the store, and only a restart is right. A store that is full
 *     is waited for: nothing was written, and the same can be written later.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { Executor, Observation } from '../executors/executor.ts';
import type { RecordedEvent, RunEvent } from '../model/events.ts';
import type { StoreFull } from '../store/store-full.ts';
import type { Store } from '../store/store.ts';
import type { AdmissionLoad } from './admission.ts';
import type { PlacementSettings } from './admission-capacity.ts';
import type { Refusal } from './admission-words.ts';
import { decide } from './decide.ts';
import { type Command, type Effects, noEffects } from './effects.ts';
import { runImport, runResolve } from './find-artifacts.ts';
import { LeafAdmission, type Launched } from './leaf-admission.ts';
import { LiveAttempts, type StepNote } from './live-attempts.ts';
import { LiveRuns } from './live-runs.ts';
import { answerLookUps, type LookUp } from './look-up.ts';
import { placementOf } from './placement-of.ts';
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

/** A tick decides at most this often before it records, so that a long chain of cache hits is shown while it goes on. */
const MAX_ROUNDS_PER_TICK = 200;

const TELLING = 'telling what waits';

export class Loop {
  readonly #options: LoopOptions;
  readonly #runs = new LiveRuns();
  readonly #attempts: LiveAttempts;
  readonly #timers: Timers;
  readonly #admission: LeafAdmission;
  readonly #recording: RecordingOptions;
  readonly #ticker: Ticker;
  #inbox: { readonly run: RunData; readonly event: RunEvent }[] = [];
  #pendingEffects: Effects = noEffects();

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#admission = new LeafAdmission(options);
    const post = (run: RunData, event: RunEvent): void => this.post(run, event);
    this.#timers = new Timers({ clock: options.clock, post });
    const { executor, clock, onNote } = options;
    this.#attempts = new LiveAttempts({
      executor,
      clock,
      onNote,
      post,
      admission: this.#admission,
      onLeft: () => this.#ticker.wake(),
    });
    this.#recording = {
      store: options.store,
      isShared: options.isShared,
      onUpdate: options.onUpdate,
      runs: this.#runs,
      withSpace: (work) => this.#withSpace(work),
      drop: (runId) => this.drop(runId),
    };
    this.#ticker = new Ticker({
      tick: () => this.#tick(),
      hasWork: () => this.#hasWork(),
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
    this.#inbox.push({ run, event });
    this.#ticker.wake();
  }

  /** Takes effects that were decided outside of a tick: the beginning of a run, or what is owed after a restart. */
  enqueue(effects: Effects): void {
    const pending = this.#pendingEffects;
    pending.commands.push(...effects.commands);
    for (const [run, tasks] of effects.touched) {
      const known = pending.touched.get(run);
      if (known) for (const task of tasks) known.add(task);
      else pending.touched.set(run, tasks);
    }
    pending.artifacts.push(...effects.artifacts);
    pending.lineage.push(...effects.lineage);
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

  /** See LiveAttempts. */
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

  #hasWork(): boolean {
    return this.#inbox.length > 0 || this.#pendingEffects.commands.length > 0 || this.#pendingEffects.touched.size > 0;
  }

  async #tick(): Promise<void> {
    const effects = this.#pendingEffects;
    this.#pendingEffects = noEffects();
    const recorded = new Map<RunData, RecordedEvent[]>();
    const launched: Launched[] = [];
    const acts: Command[] = [];
    for (let round = 0; round < MAX_ROUNDS_PER_TICK; round += 1) {
      this.#decideInbox(effects, recorded);
      const lookUps = this.#route(effects, acts);
      await this.#answer(lookUps, effects);
      this.#admit(effects, recorded, launched);
      if (this.#inbox.length === 0 && effects.commands.length === 0) break;
    }
    // What the last round left undecided keeps its place: its tasks are recorded as ready, its commands come first next time.
    this.#pendingEffects.commands.push(...effects.commands);
    const tellAtMs = this.#admission.tellWaiting(effects);
    if (tellAtMs !== undefined && !this.#timers.isArmed(TELLING)) this.#timers.arm(TELLING, tellAtMs, () => this.#ticker.wake());
    await recordTick({ effects, events: recorded }, this.#recording);
    if (this.#ticker.isStopped) return;
    this.#act(launched, acts);
  }

  #decideInbox(effects: Effects, recorded: Map<RunData, RecordedEvent[]>): void {
    const inbox = this.#inbox;
    this.#inbox = [];
    const atMs = this.#options.clock.now();
    for (const { run, event } of inbox) {
      // A run that has ended and left may still be answered (an import in flight when it was cancelled): nothing to do.
      if (this.#runs.isHere(run)) this.#decideOne(run, { atMs, event }, effects, recorded);
    }
  }

  #decideOne(run: RunData, event: RecordedEvent, effects: Effects, recorded: Map<RunData, RecordedEvent[]>): void {
    decide(run, event, effects);
    const events = recorded.get(run);
    if (events) events.push(event);
    else recorded.set(run, [event]);
  }

  /** Sorts commands: look-ups and offers are dealt with before recording, everything else after. */
  #route(effects: Effects, acts: Command[]): LookUp[] {
    const lookUps: LookUp[] = [];
    for (const command of effects.commands.splice(0)) {
      if ('run' in command && !this.#runs.isHere(command.run)) continue;
      if (command.kind === 'look-up') lookUps.push(command);
      else if (command.kind === 'offer') this.#offer(command.run, command.task, undefined);
      else acts.push(command);
    }
    return lookUps;
  }

  async #answer(lookUps: readonly LookUp[], effects: Effects): Promise<void> {
    if (lookUps.length === 0) return;
    const { store, artifacts } = this.#options;
    const answer = () => answerLookUps({ store, artifacts, pending: effects.cache }, lookUps);
    for (const answered of await this.#withSpace(answer)) {
      const { run, task } = answered.lookUp;
      if (answered.hit) this.#inbox.push({ run, event: answered.hit });
      else this.#offer(run, task, answered.miss);
    }
  }

  #offer(run: RunData, task: TaskInstance, cacheMiss: string | undefined): void {
    const { refusal, warning } = this.#admission.offer({ run, task, ...(cacheMiss === undefined ? {} : { cacheMiss }) });
    if (refusal) this.#refuse(run, task, refusal);
    if (warning !== undefined) this.#warn(run, task, warning);
  }

  #warn(run: RunData, task: TaskInstance, warning: string): void {
    if (!this.#runs.isFirstWarning(run, task.template.name)) return;
    const message = `this step ${warning}`;
    this.#options.onNote({ runId: run.definition.runId, task, message, severity: 'warning' });
  }

  /** A request that can never be met fails the step at once: as an attempt, so that the record says what was asked for. */
  #refuse(run: RunData, task: TaskInstance, { message, hint }: Refusal): void {
    const attempt = task.attempts;
    const nowMs = this.#options.clock.now();
    const error = { code: 1, message: `this step ${message}`, cause: 'input' as const, hint };
    this.#inbox.push({ run, event: { kind: 'launched', task: task.number, attempt } });
    this.#inbox.push({
      run,
      event: {
        kind: 'finished',
        task: task.number,
        attempt,
        outcome: { kind: 'failed', error },
        startedAtMs: nowMs,
        endedAtMs: nowMs,
      },
    });
  }

  #admit(effects: Effects, recorded: Map<RunData, RecordedEvent[]>, launched: Launched[]): void {
    const atMs = this.#options.clock.now();
    for (;;) {
      const admitted = this.#admission.next((run) => this.#runs.isHere(run));
      if (!admitted) return;
      const { run, task, cacheMiss, holding } = admitted;
      const placement = placementOf(holding);
      const event: RunEvent = {
        kind: 'launched',
        task: task.number,
        attempt: task.attempts,
        ...(cacheMiss === undefined ? {} : { cacheMiss }),
        ...(placement && { placement }),
      };
      this.#decideOne(run, { atMs, event }, effects, recorded);
      assert(task.phase === 'running', 'an admitted step runs');
      launched.push(admitted);
    }
  }

  #withSpace<T>(work: () => Promise<T>): Promise<T> {
    const { clock, onStoreFull } = this.#options;
    return waitForSpace(work, { clock, onFull: onStoreFull, isStopped: () => this.#ticker.isStopped });
  }

  #act(launched: readonly Launched[], acts: readonly Command[]): void {
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
        return this.#find(command, runImport(this.#options, command));
      case 'resolve':
        return this.#find(command, runResolve(this.#options, command));
      case 'run-ended':
        return this.#forget(command.run);
      case 'look-up':
      case 'offer':
        throw new Error(`bug: ${command.kind} is dealt with before recording`);
    }
  }

  #find({ run, task }: { run: RunData; task: TaskInstance }, answer: Promise<RunEvent>): void {
    answer.then(
      (event) => this.post(run, event),
      (error: unknown) => {
        const message = `could not find the artifacts of this task: ${error instanceof Error ? error.message : String(error)}`;
        this.post(run, { kind: 'not-found', task: task.number, message });
      },
    );
  }

  /** A final run leaves memory; resuming folds it from its events again. */
  #forget(run: RunData): void {
    if (run.endedAtMs === null) return;
    this.#runs.remove(run.definition.runId);
    this.#timers.disarmDeadline(run);
  }
}
