/**
 * The runs in memory.
 *
 * Owns: which runs this engine decides about, and how far each is recorded. Doesn't own: their state (run-data.ts).
 *
 * I1. A run is here from its being added until it has ended or another server goes on with it; a run that comes back is other data.
 */
import type { RunData } from './run-data.ts';

interface LiveRun {
  readonly data: RunData;
  /** Number of ticks recorded so far. */
  sequence: number;
  /** Templates whose steps get less than they ask for, and the user told. */
  readonly warned: Set<string>;
}

export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();

  add(data: RunData, sequence: number): void {
    this.#runs.set(data.definition.runId, { data, sequence, warned: new Set() });
  }

  get(runId: string): RunData | undefined {
    return this.#runs.get(runId)?.data;
  }

  isHere(run: RunData): boolean {
    return this.#runs.get(run.definition.runId)?.data === run;
  }

  remove(runId: string): void {
    this.#runs.delete(runId);
  }

  /** The runs that are not final. */
  running(): readonly string[] {
    return [...this.#runs].filter(([, { data }]) => data.endedAtMs === null).map(([runId]) => runId);
  }

  /** The place of the next tick among the run's events; each is given once. */
  takeSequence(run: RunData): number {
    return this.#runs.get(run.definition.runId)!.sequence++;
  }

  /** Whether a warning about steps of the template is the first one: ten thousand iterations need not say it each. */
  isFirstWarning(run: RunData, templateName: string): boolean {
    const warned = this.#runs.get(run.definition.runId)?.warned;
    if (!warned || warned.has(templateName)) return false;
    warned.add(templateName);
    return true;
  }
}
