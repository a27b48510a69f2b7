/** Recording what one tick has decided: in one transaction, and told to listeners when it is stored. */
import type { RunRow, TaskRow } from '../model/run.ts';
import { RunsTakenOver } from '../store/leases.ts';
import type { CommitBatch, Store } from '../store/store.ts';
import { withoutRuns } from './batch-of-runs.ts';
import type { DecidedTick } from './decide-tick.ts';
import type { Effects } from './effects.ts';
import type { LiveRuns } from './live-runs.ts';
import { runRow, taskRow } from './rows.ts';
import type { RunData, TaskInstance } from './run-data.ts';

export interface LoopUpdate {
  readonly run: RunRow;
  readonly tasks: readonly TaskRow[];
}

export interface RecordingOptions {
  readonly store: Store;
  readonly runs: LiveRuns;
  /** Whether other servers use the store too. Default: false. */
  readonly isShared?: boolean | undefined;
  /** Does what writes to the store; while that is full, waits and does it again. */
  readonly withSpace: <T>(work: () => Promise<T>) => Promise<T>;
  /** Another server has taken the run over. */
  readonly drop: (runId: string) => void;
  readonly onUpdate: (update: LoopUpdate) => void;
}

/** What was decided of runs that have left meanwhile is not recorded: it is another server's now. Throws what the store throws. */
export async function recordTick({ effects, events }: DecidedTick, options: RecordingOptions): Promise<void> {
  const { runs, onUpdate } = options;
  const isHere = ([run]: readonly [RunData, unknown]): boolean => runs.isHere(run);
  const ticks = [...events].filter(isHere).map(([run, list]) => ({
    runId: run.definition.runId,
    sequence: runs.takeSequence(run),
    events: list,
  }));
  const updates: LoopUpdate[] = [...effects.touched].filter(isHere).map(([run, tasks]) => ({
    run: runRow(run),
    tasks: [...tasks].map((task) => taskRow(run, task)),
  }));
  if (ticks.length === 0 && updates.length === 0) return;
  const gone = [...effects.touched.keys()].map(({ definition }) => definition.runId).filter((runId) => !runs.get(runId));
  const batch = batchOf(effects, ticks, updates);
  await commitOurs(gone.length > 0 ? withoutRuns(batch, new Set(gone)) : batch, options);
  for (const tasks of effects.touched.values()) for (const task of tasks) forgetInputs(task);
  for (const update of updates) if (runs.get(update.run.runId)) onUpdate(update);
}

function batchOf(effects: Effects, events: CommitBatch['events'], updates: readonly LoopUpdate[]): CommitBatch {
  return {
    runs: updates.map(({ run }) => run),
    events,
    tasks: updates.flatMap(({ tasks }) => tasks),
    attempts: effects.attempts,
    artifacts: effects.artifacts,
    lineage: effects.lineage,
    cache: effects.cache,
    removedTasks: effects.removed,
  };
}

/** Where servers share the store, a run may have been taken over by another: that run leaves, and the others are recorded. */
async function commitOurs(batch: CommitBatch, { store, isShared, withSpace, drop }: RecordingOptions): Promise<void> {
  for (let left = batch; left.runs.length > 0 || left.events.length > 0;) {
    try {
      return await withSpace(() => store.commit(left));
    } catch (error) {
      if (!isShared || !(error instanceof RunsTakenOver)) throw error;
      for (const runId of error.runIds) drop(runId);
      left = withoutRuns(left, new Set(error.runIds));
    }
  }
}

/** The inputs of a step that has ended are in its row; keeping them would make a wide run cost memory for what is over. */
function forgetInputs(task: TaskInstance): void {
  if (task.phase === 'final' && task.parent && task.children.length === 0) task.inputs = null;
}
