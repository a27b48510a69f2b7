/**
 * The timers of the loop, each under a name: what runs wait for, and what a tick is wanted for later.
 *
 * Owns: which timers are armed. Doesn't own: what follows when one goes off (loop.ts).
 * I1. A name has one timer at most; arming it again calls the earlier one off.
 * I2. Names of a run's timers begin with the run's id, so that they can be called off together.
 */
import type { Clock } from '../base/clock.ts';
import type { RunEvent } from '../model/events.ts';
import { attemptIdOf, type RunData, type TaskInstance } from './run-data.ts';

export interface TimersOptions {
  readonly clock: Clock;
  readonly post: (run: RunData, event: RunEvent) => void;
}

export class Timers {
  readonly #options: TimersOptions;
  readonly #disarm = new Map<string, () => void>();

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  armRetry(run: RunData, task: TaskInstance, atMs: number): void {
    const attempt = task.attempts;
    const { post } = this.#options;
    this.arm(`${attemptIdOf(run, task)} retry`, atMs, () => post(run, { kind: 'retry-due', task: task.number, attempt }));
  }

  /** When the pipeline has a time limit and the run is not final: tells the run when the limit has passed. */
  armDeadline(run: RunData): void {
    const { timeoutMs } = run.plan;
    if (timeoutMs === undefined || run.endedAtMs !== null) return;
    const { post } = this.#options;
    this.arm(deadlineOf(run), run.deadlineFromMs + timeoutMs, () => post(run, { kind: 'deadline-passed' }));
  }

  disarmDeadline(run: RunData): void {
    const name = deadlineOf(run);
    this.#disarm.get(name)?.();
    this.#disarm.delete(name);
  }

  arm(name: string, atMs: number, act: () => void): void {
    this.#disarm.get(name)?.();
    const disarm = this.#options.clock.at(atMs, () => {
      this.#disarm.delete(name);
      act();
    });
    this.#disarm.set(name, disarm);
  }

  isArmed(name: string): boolean {
    return this.#disarm.has(name);
  }

  disarmRun(runId: string): void {
    for (const [name, disarm] of this.#disarm) {
      if (!name.startsWith(runId)) continue;
      disarm();
      this.#disarm.delete(name);
    }
  }

  disarmAll(): void {
    for (const disarm of this.#disarm.values()) disarm();
    this.#disarm.clear();
  }
}

const deadlineOf = (run: RunData): string => `${run.definition.runId} deadline`;
