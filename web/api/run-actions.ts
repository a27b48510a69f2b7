import { tellDone, tellError } from '../ui/toast.tsx';
import { plural } from '../base/format.ts';
import { call } from './call.ts';
import type { OperationId } from './operations.ts';
import { changeRunLists } from './live-runs.ts';
import { refresh } from './query.ts';
import { type RunSummary, withoutRun, withRun } from './run-list.ts';

/** What can be done with several runs at once. */
export const RUN_ACTIONS = {
  terminate: {
    operation: 'RunService_TerminateRun',
    verb: 'Terminate',
    done: 'is ending',
    doneMany: 'are ending',
    applies: isUnfinished,
  },
  retry: { operation: 'RunService_RetryRun', verb: 'Retry', done: 'goes on', doneMany: 'go on', applies: hasFailed },
  archive: { operation: 'RunService_ArchiveRun', verb: 'Archive', done: 'archived', doneMany: 'archived', applies: isAvailable },
  restore: { operation: 'RunService_UnarchiveRun', verb: 'Restore', done: 'restored', doneMany: 'restored', applies: isArchived },
  delete: { operation: 'RunService_DeleteRun', verb: 'Delete', done: 'deleted', doneMany: 'deleted', applies: () => true },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly operation: OperationId;
      readonly verb: string;
      readonly done: string;
      readonly doneMany: string;
      readonly applies: (run: RunSummary) => boolean;
    }
  >
>;

export type RunAction = keyof typeof RUN_ACTIONS;

/** So many calls are under way at once. */
const PARALLEL = 6;

/** Does it with all that it applies to, says what became of it, and has the lists asked again. */
export async function actOnRuns(action: RunAction, runs: readonly RunSummary[]): Promise<void> {
  const { operation, verb, done, doneMany, applies } = RUN_ACTIONS[action];
  const waiting = runs.filter(applies);
  const count = waiting.length;
  const errors: unknown[] = [];
  const work = async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      await call(operation, { params: { run_id: run.run_id ?? '' } }).then(
        () => showDone(action, run),
        (error: unknown) => errors.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const succeeded = count - errors.length;
  if (succeeded > 0) tellDone(`${plural(succeeded, 'run')} ${succeeded === 1 ? done : doneMany}`);
  if (errors.length > 0) tellError(`${verb}: ${plural(errors.length, 'run')} could not be changed`, errors[0]);
  await refresh('Run_List', 'Run_Get', 'System_Get');
}

/** In the lists, which may be too long to be asked for again. What the engine does is told by events. */
function showDone(action: RunAction, run: RunSummary): void {
  if (action === 'delete') changeRunLists((list) => withoutRun(list, run.run_id));
  if (action === 'archive') changeRunLists((list, filters) => withRun(list, filters, { ...run, storage_state: 'ARCHIVED' }));
  if (action === 'restore') changeRunLists((list, filters) => withRun(list, filters, { ...run, storage_state: 'AVAILABLE' }));
}

function isUnfinished({ state = '' }: RunSummary): boolean {
  return ['PENDING', 'RUNNING', 'PAUSED'].includes(state);
}

function hasFailed({ state = '' }: RunSummary): boolean {
  return ['FAILED', 'CANCELED'].includes(state);
}

function isArchived({ storage_state }: RunSummary): boolean {
  return storage_state === 'ARCHIVED';
}

function isAvailable(run: RunSummary): boolean {
  return !isArchived(run);
}
