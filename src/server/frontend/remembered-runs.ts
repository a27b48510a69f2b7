import type { LineageRow, TaskRow } from '../../model/run.ts';
import type { Store } from '../../store/store.ts';

export interface RememberedRuns {
  tasks(runId: string): Promise<readonly TaskRow[]>;
  lineage(runId: string): Promise<readonly LineageRow[]>;
}

/** Few are looked at together; a large run has ten thousand tasks. */
const MAX_RUNS = 16;

interface Remembered {
  readonly sequence: number;
  tasks?: Promise<readonly TaskRow[]>;
  lineage?: Promise<readonly LineageRow[]>;
}

/**
 * Tasks and lineage of runs, read once after each change: KFP's frontend asks for all of a run every few seconds, from each page that
 * shows it.
 */
export function rememberedRuns(store: Pick<Store, 'lastSequence' | 'listTasks' | 'lineageOfRun'>): RememberedRuns {
  const runs = new Map<string, Remembered>();
  const remembered = async (runId: string): Promise<Remembered | undefined> => {
    // Asked before the rows are read: they may be newer than it says, never older.
    const sequence = await store.lastSequence(runId);
    if (sequence === undefined) return undefined;
    const known = runs.get(runId);
    const run = known?.sequence === sequence ? known : { sequence };
    runs.delete(runId);
    runs.set(runId, run);
    if (runs.size > MAX_RUNS) runs.delete(runs.keys().next().value!);
    return run;
  };
  const forgottenIfFailed = <Rows>(runId: string, rows: Promise<Rows>): Promise<Rows> => {
    rows.catch(() => runs.delete(runId));
    return rows;
  };
  return {
    async tasks(runId) {
      const run = await remembered(runId);
      if (!run) return await store.listTasks(runId);
      return await (run.tasks ??= forgottenIfFailed(runId, store.listTasks(runId)));
    },
    async lineage(runId) {
      const run = await remembered(runId);
      if (!run) return await store.lineageOfRun(runId);
      return await (run.lineage ??= forgottenIfFailed(runId, store.lineageOfRun(runId)));
    },
  };
}
