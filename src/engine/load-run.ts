/** A stored run as the engine goes on with it: folded from its events. */
import type { RunDefinition, RunRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';
import { foldRun } from './new-run.ts';
import type { PlannedDocuments } from './planned-documents.ts';
import type { RunData } from './run-data.ts';

export interface LoadedRun {
  readonly run: RunData;
  /** Number of ticks recorded so far. */
  readonly sequence: number;
}

export interface LoadingOptions {
  readonly store: Store;
  readonly documents: PlannedDocuments;
}

/** Throws NOT_FOUND if the run's pipeline is no longer stored, or cannot be read by this version. */
export async function loadRun(row: RunRow, { store, documents }: LoadingOptions): Promise<LoadedRun> {
  const { document, plan } = await documents.of(row);
  const history = await store.loadEvents(row.runId);
  return { run: foldRun(definitionOf(row), document, plan, history), sequence: history.length };
}

/** The definition alone: where the run stood is what its events say. */
function definitionOf({
  state: _state,
  startedAtMs: _started,
  endedAtMs: _ended,
  error: _error,
  outputs: _outputs,
  ...definition
}: RunRow): RunDefinition {
  return definition;
}
