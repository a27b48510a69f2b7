/**
 * Who is told of runs.
 *
 * Owns: listeners, and those who wait for the end of a run. Doesn't own: what is told (engine.ts).
 *
 * I1. Who waits is answered also when the engine fails: nothing will be told any more.
 */
import type { RunRow, TaskRow } from '../model/run.ts';
import { isFinalRun } from '../model/states.ts';

export interface EngineUpdate {
  readonly runId: string;
  readonly run?: RunRow;
  readonly tasks: readonly TaskRow[];
  readonly notes: readonly {
    readonly task: number;
    readonly path: string;
    readonly message: string;
    readonly severity: 'info' | 'warning';
  }[];
}

export class RunListeners {
  readonly #listeners = new Set<(update: EngineUpdate) => void>();
  readonly #waiting = new Set<(error: unknown) => void>();

  get hasAny(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(listener: (update: EngineUpdate) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(update: EngineUpdate): void {
    for (const listener of this.#listeners) listener(update);
  }

  fail(error: unknown): void {
    for (const reject of this.#waiting) reject(error);
  }

  /** The run once it is final. `findFinal` looks whether it is already; it is called when its end can no longer be missed. */
  async untilFinal(runId: string, findFinal: () => Promise<RunRow | undefined>): Promise<RunRow> {
    const { promise, resolve, reject } = Promise.withResolvers<RunRow>();
    this.#waiting.add(reject);
    const unsubscribe = this.subscribe((update) => {
      if (update.runId === runId && update.run && isFinalRun(update.run.state)) resolve(update.run);
    });
    try {
      return (await findFinal()) ?? (await promise);
    } finally {
      this.#waiting.delete(reject);
      unsubscribe();
    }
  }
}
