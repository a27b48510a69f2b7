import type { CommitBatch } from '../store/store.ts';

export const NOTHING_TO_RECORD: CommitBatch = {
  runs: [],
  events: [],
  tasks: [],
  attempts: [],
  artifacts: [],
  lineage: [],
  cache: [],
};

/** The batch without what it says of some runs. */
export function withoutRuns(batch: CommitBatch, runIds: ReadonlySet<string>): CommitBatch {
  const others = <Row extends { readonly runId: string }>(rows: readonly Row[]) => rows.filter(({ runId }) => !runIds.has(runId));
  return {
    ...batch,
    runs: others(batch.runs),
    events: others(batch.events),
    tasks: others(batch.tasks),
    attempts: others(batch.attempts),
    artifacts: others(batch.artifacts),
    lineage: others(batch.lineage),
    cache: batch.cache.filter(({ entry }) => !runIds.has(entry.taskId.slice(0, entry.taskId.lastIndexOf('.')))),
    removedTasks: others(batch.removedTasks ?? []),
  };
}
