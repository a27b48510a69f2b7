/**
 * The attempts that were handed to the executor and have not ended.
 *
 * Owns: what each of them holds of the machine, and whose it is; what becomes of those whose run another server has taken over.
 * Doesn't own: when one is launched (loop.ts), what follows from its end (decide.ts).
 *
 * I1. Every attempt handed over is told of as `finished` exactly once, unless its run is dropped.
 * I2. What an attempt holds is released when it has ended, and not before: also when its run has left.
 */
import type { Clock } from '../base/clock.ts';
import { ProductError } from '../base/errors.ts';
import type { Executor, Observation } from '../executors/executor.ts';
import type { RunEvent } from '../model/events.ts';
import type { AttemptOutcome, TaskError } from '../model/outcome.ts';
import type { Holding } from './admission-node.ts';
import { buildLaunch } from './launch.ts';
import type { LeafAdmission, Launched } from './leaf-admission.ts';
import { attemptIdOf, type RunData, type TaskInstance } from './run-data.ts';

export interface StepNote {
  readonly runId: string;
  readonly task: TaskInstance;
  readonly message: string;
  readonly severity: 'info' | 'warning';
}

export interface LiveAttemptsOptions {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly admission: LeafAdmission;
  readonly post: (run: RunData, event: RunEvent) => void;
  /** What an attempt of a dropped run held is free. */
  readonly onLeft: () => void;
  readonly onNote: (note: StepNote) => void;
}

interface LiveAttempt {
  readonly run: RunData;
  readonly task: TaskInstance;
  readonly attempt: number;
  readonly holding: Holding;
  /** Being ended because another server had the run in between: whatever its end is, it is tried again. */
  readonly isLost?: true;
}

const LOST: AttemptOutcome = {
  kind: 'failed',
  error: { code: 1, cause: 'system', message: 'the step was ended because another server had taken the run over' },
};

export class LiveAttempts {
  readonly #options: LiveAttemptsOptions;
  readonly #attempts = new Map<string, LiveAttempt>();
  /** Attempts of dropped runs that are being ended: what they hold is theirs until they have ended. */
  readonly #leaving = new Map<string, Holding>();
  /** Attempts of dropped runs: the executor tells the end of each once, and nobody was there to hear it. */
  readonly #ended = new Set<string>();

  constructor(options: LiveAttemptsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#attempts.size;
  }

  launch({ run, task, holding }: Launched): void {
    this.#attempts.set(attemptIdOf(run, task), { run, task, attempt: task.attempts - 1, holding });
    this.#hand(run, task, () => this.#options.executor.launch(buildLaunch(run, task, holding.request)));
  }

  /** After a restart: the attempt may be running, may have ended, may never have been started; the executor finds out. */
  reattach(run: RunData, task: TaskInstance): void {
    const attemptId = attemptIdOf(run, task);
    const live = { run, task, attempt: task.attempts - 1 };
    const leaving = this.#leaving.get(attemptId);
    const wasEnded = this.#ended.delete(attemptId);
    if (leaving) {
      this.#leaving.delete(attemptId);
      this.#attempts.set(attemptId, { ...live, holding: leaving, isLost: true });
      return;
    }
    const holding = this.#options.admission.take(run, task);
    this.#attempts.set(attemptId, { ...live, holding });
    // The run has come back after another server had it, and this attempt was ended meanwhile: it is tried again.
    if (wasEnded) return this.#end(run, task, LOST);
    this.#hand(run, task, () => this.#options.executor.reattach(buildLaunch(run, task, holding.request)));
  }

  observe(observation: Observation): void {
    const live = this.#attempts.get(observation.attemptId);
    if (!live) return this.#leave(observation);
    const { run, task, attempt } = live;
    if (observation.kind === 'note') {
      const { message, severity } = observation;
      return this.#options.onNote({ runId: run.definition.runId, task, message, severity });
    }
    this.#attempts.delete(observation.attemptId);
    this.#options.admission.release(live.holding);
    const { startedAtMs, endedAtMs } = observation;
    const outcome = live.isLost ? LOST : observation.outcome;
    this.#options.post(run, { kind: 'finished', task: task.number, attempt, outcome, startedAtMs, endedAtMs });
  }

  /** Another server goes on with the run: what it has running here is ended, and nobody is told. */
  drop(dropped: RunData): void {
    for (const task of dropped.tasks) if (task && task.attempts > 0) this.#ended.add(attemptIdOf(dropped, task));
    for (const [attemptId, { run, holding }] of this.#attempts) {
      if (run.definition.runId !== dropped.definition.runId) continue;
      this.#attempts.delete(attemptId);
      this.#leaving.set(attemptId, holding);
      this.#options.executor.cancel(attemptId);
    }
  }

  #leave({ kind, attemptId }: Observation): void {
    const holding = this.#leaving.get(attemptId);
    if (kind !== 'finished' || !holding) return;
    this.#leaving.delete(attemptId);
    this.#options.admission.release(holding);
    this.#options.onLeft();
  }

  /** A step that cannot even be handed to the executor fails alone: ending the engine would end it again after every restart. */
  #hand(run: RunData, task: TaskInstance, launch: () => void): void {
    try {
      launch();
    } catch (thrown) {
      this.#end(run, task, { kind: 'failed', error: notPrepared(thrown) });
    }
  }

  /** As if the executor had said so. */
  #end(run: RunData, task: TaskInstance, outcome: AttemptOutcome): void {
    const nowMs = this.#options.clock.now();
    this.observe({ kind: 'finished', attemptId: attemptIdOf(run, task), outcome, startedAtMs: nowMs, endedAtMs: nowMs });
  }
}

function notPrepared(thrown: unknown): TaskError {
  const message = `the step could not be prepared: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  const hint = thrown instanceof ProductError && thrown.hint !== undefined ? { hint: thrown.hint } : {};
  return { code: 1, cause: 'input', message, ...hint };
}
