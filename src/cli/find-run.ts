import { ProductError } from '../base/errors.ts';
import type { RunRow, TaskRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';

/** Runs looked through for the beginning of an id. */
const MAX_RUNS_SEARCHED = 1000;

/** The run a user names: its id, a beginning of it that only one run has, or `last` for the newest. Throws NOT_FOUND. */
export async function findRun(store: Pick<Store, 'getRun' | 'listRuns'>, name: string): Promise<RunRow> {
  if (name === 'last') {
    const [newest] = await store.listRuns({ limit: 1 });
    if (newest) return newest;
    throw new ProductError('NOT_FOUND', 'the data folder has no runs', {
      hint: 'Is --data the folder the run was started with?',
    });
  }
  const exact = await store.getRun(name);
  if (exact) return exact;
  const found = (await store.listRuns({ limit: MAX_RUNS_SEARCHED })).filter((run) => run.runId.startsWith(name));
  if (found.length === 1) return found[0]!;
  const message = found.length === 0 ? `there is no run ${name}` : `${found.length} runs begin with ${name}`;
  throw new ProductError('NOT_FOUND', message, { hint: 'Give the run id, a beginning of it that is unique, or "last".' });
}

/** The task at a path as the progress and the JSON show it. Throws NOT_FOUND and names paths that look alike. */
export function taskAtPath(tasks: readonly TaskRow[], path: string): TaskRow {
  const wanted = path.startsWith('/') ? path : `/${path}`;
  const found = tasks.find((task) => task.path === wanted);
  if (found) return found;
  const last = wanted.slice(wanted.lastIndexOf('/'));
  const alike = tasks.filter((task) => task.path.endsWith(last)).slice(0, 5);
  const shown = alike.length > 0 ? alike : tasks.filter((task) => task.parentTask === 0).slice(0, 20);
  throw new ProductError('NOT_FOUND', `the run has no task ${wanted}`, {
    hint: `Tasks: ${shown.map((task) => task.path).join(', ')}`,
  });
}
