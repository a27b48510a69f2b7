import type { TaskError } from '../model/outcome.ts';
import type { RunRow, TaskRow } from '../model/run.ts';
import { isFinalTask, type TaskState } from '../model/states.ts';

/** Loops of at most so many iterations show each of their steps; larger ones are folded into one line. */
const MAX_UNFOLDED_ITERATIONS = 12;
/** Failing steps inside folded loops are shown one by one up to this number. */
const MAX_FOLDED_FAILURES = 10;

/** What is read of a run and of a task, whether its rows come from an engine in this process or from a server. */
export type ProgressRun = Pick<RunRow, 'runId' | 'pipelineName' | 'state' | 'createdAtMs' | 'startedAtMs' | 'endedAtMs'>;
export type ProgressTask = Pick<
  TaskRow,
  | 'task'
  | 'parentTask'
  | 'path'
  | 'kind'
  | 'iteration'
  | 'iterationCount'
  | 'state'
  | 'stateReason'
  | 'error'
  | 'attempts'
  | 'createdAtMs'
  | 'startedAtMs'
  | 'endedAtMs'
>;

/** A run as the terminal shows it, at one moment. */
export interface RunView {
  readonly runId: string;
  readonly title: string;
  readonly state: RunRow['state'];
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly counts: StepCounts;
  /** Steps that run now, oldest first; those inside folded loops are left out. */
  readonly running: readonly { readonly path: string; readonly startedAtMs: number; readonly note?: string }[];
  /** Steps that could start but for what they wait for, in the order in which they became ready. */
  readonly waiting: readonly { readonly path: string; readonly reason: string }[];
  /** Outermost loops that are not final yet. */
  readonly loops: readonly LoopLine[];
}

export interface StepCounts {
  readonly done: number;
  readonly cached: number;
  readonly skipped: number;
  readonly failed: number;
  readonly canceled: number;
  readonly running: number;
  readonly waiting: number;
}

export interface LoopLine {
  readonly path: string;
  readonly done: number;
  /** Iterations in the end where that is known, else those that have started. */
  readonly total: number;
  readonly failed: number;
}

/** Something that ended and is printed once, above the live part. */
export interface FinishedLine {
  readonly path: string;
  readonly state: TaskState;
  readonly durationMs: number | null;
  readonly reason: string | null;
  readonly error: TaskError | null;
  /** Set for a loop: how many iterations it had. */
  readonly iterations?: number;
  /** Set for a step: where to find its log. */
  readonly step?: { readonly task: number; readonly attempts: number };
}

interface Loop {
  readonly path: string;
  done: number;
  /** Iterations that have a row. */
  started: number;
  failed: number;
  /** Iterations in the end: their rows come one after the other. Undefined from a server that does not say. */
  readonly size: number | undefined;
  readonly final: boolean;
}

const totalOf = (loop: Loop | undefined): number => (loop === undefined ? 0 : Math.max(loop.size ?? 0, loop.started));

/**
 * Folds the engine's updates into what the terminal shows. Owns nothing but memory; each update costs as much as the rows it
 * carries, so that a 10,000-wide loop is followed without effort.
 */
export class RunProgress {
  readonly #rows = new Map<number, ProgressTask>();
  readonly #loops = new Map<number, Loop>();
  readonly #notes = new Map<number, string>();
  readonly #running = new Set<number>();
  readonly #waiting = new Set<number>();
  readonly #counts = { done: 0, cached: 0, skipped: 0, failed: 0, canceled: 0, running: 0, waiting: 0 };
  #foldedFailures = 0;
  #run: ProgressRun;

  constructor(run: ProgressRun) {
    this.#run = run;
  }

  /** Takes over new rows; returns what ended with them, in order. */
  apply(update: { readonly run?: ProgressRun; readonly tasks: readonly ProgressTask[] }): FinishedLine[] {
    if (update.run) this.#run = update.run;
    const lines: FinishedLine[] = [];
    for (const row of update.tasks) {
      const before = this.#rows.get(row.task);
      this.#rows.set(row.task, row);
      this.#count(before, row);
      this.#countIteration(before, row);
      if (isFinalTask(row.state) && before?.state !== row.state) lines.push(...this.#finished(row));
    }
    return lines;
  }

  /** What a step is doing before it runs ("building the Python environment …"). */
  note(task: number, message: string): void {
    this.#notes.set(task, message);
  }

  view(): RunView {
    const running: { path: string; startedAtMs: number; note?: string }[] = [];
    for (const task of this.#running) {
      const row = this.#rows.get(task)!;
      if (this.#foldedInto(row) !== undefined) continue;
      const note = this.#notes.get(task);
      running.push({ path: row.path, startedAtMs: row.startedAtMs ?? row.createdAtMs, ...(note === undefined ? {} : { note }) });
    }
    return {
      runId: this.#run.runId,
      title: this.#run.pipelineName,
      state: this.#run.state,
      startedAtMs: this.#run.startedAtMs ?? this.#run.createdAtMs,
      ...(this.#run.endedAtMs === undefined ? {} : { endedAtMs: this.#run.endedAtMs }),
      counts: { ...this.#counts },
      running,
      waiting: [...this.#waiting].map((task) => {
        const { path, stateReason } = this.#rows.get(task)!;
        return { path, reason: stateReason! };
      }),
      loops: [...this.#loops]
        .filter(([task, loop]) => !loop.final && this.#outerLoop(task) === undefined)
        .map(([, loop]) => ({ path: loop.path, done: loop.done, total: totalOf(loop), failed: loop.failed })),
    };
  }

  #count(before: ProgressTask | undefined, row: ProgressTask): void {
    if (before && isStep(before)) this.#counts[countOf(before.state)] -= 1;
    if (isStep(row)) this.#counts[countOf(row.state)] += 1;
    if (row.state === 'RUNNING' && isLeaf(row)) this.#running.add(row.task);
    else this.#running.delete(row.task);
    // A step that is looked up in the cache is pending as well, and has nothing to tell.
    if (row.state === 'PENDING' && isLeaf(row) && row.stateReason?.startsWith('waits ')) this.#waiting.add(row.task);
    else this.#waiting.delete(row.task);
  }

  #countIteration(before: ProgressTask | undefined, row: ProgressTask): void {
    if (row.kind === 'loop') {
      const loop = this.#loops.get(row.task) ?? { path: row.path, done: 0, started: 0, failed: 0, size: undefined, final: false };
      this.#loops.set(row.task, { ...loop, size: row.iterationCount ?? loop.size, final: isFinalTask(row.state) });
    }
    if (row.iteration === null || row.parentTask === null) return;
    const loop = this.#loops.get(row.parentTask);
    if (!loop) return;
    if (!before) loop.started += 1;
    const wasFinal = before !== undefined && isFinalTask(before.state);
    if (!wasFinal && isFinalTask(row.state)) {
      loop.done += 1;
      if (row.state === 'FAILED') loop.failed += 1;
    } else if (wasFinal && !isFinalTask(row.state)) {
      // A resumed run takes finished iterations up again.
      loop.done -= 1;
      if (before.state === 'FAILED') loop.failed -= 1;
    }
  }

  #finished(row: ProgressTask): FinishedLine[] {
    const line: FinishedLine = {
      path: row.path,
      state: row.state,
      durationMs: row.startedAtMs === null || row.endedAtMs === null ? null : row.endedAtMs - row.startedAtMs,
      reason: row.stateReason,
      error: row.error,
      ...(row.kind === 'loop' ? { iterations: totalOf(this.#loops.get(row.task)) } : {}),
      ...(isLeaf(row) ? { step: { task: row.task, attempts: row.attempts } } : {}),
    };
    const folded = this.#foldedInto(row) !== undefined;
    if (!folded) return isStep(row) || row.kind === 'loop' ? [line] : [];
    if (row.state !== 'FAILED' || !isLeaf(row) || this.#foldedFailures >= MAX_FOLDED_FAILURES) return [];
    this.#foldedFailures += 1;
    return [line];
  }

  /** The outermost loop around the task that is too large to show step by step. */
  #foldedInto(row: ProgressTask): number | undefined {
    let folded: number | undefined;
    for (let at = row.parentTask; at !== null; at = this.#rows.get(at)?.parentTask ?? null) {
      if (totalOf(this.#loops.get(at)) > MAX_UNFOLDED_ITERATIONS) folded = at;
    }
    return folded;
  }

  #outerLoop(task: number): number | undefined {
    let found: number | undefined;
    for (let at = this.#rows.get(task)?.parentTask ?? null; at !== null; at = this.#rows.get(at)?.parentTask ?? null) {
      if (this.#loops.has(at)) found = at;
    }
    return found;
  }
}

const isLeaf = (row: ProgressTask): boolean => row.kind !== 'dag' && row.kind !== 'loop';

/** What counts as a step: a leaf, or a group that was left out as a whole (it has no leaves then). */
function isStep(row: ProgressTask): boolean {
  return isLeaf(row) || (row.state === 'SKIPPED' && row.parentTask !== null);
}

function countOf(state: TaskState): keyof StepCounts {
  switch (state) {
    case 'PENDING':
      return 'waiting';
    case 'RUNNING':
      return 'running';
    case 'SUCCEEDED':
      return 'done';
    case 'CACHED':
      return 'cached';
    case 'SKIPPED':
      return 'skipped';
    case 'FAILED':
      return 'failed';
    case 'CANCELED':
      return 'canceled';
  }
}
