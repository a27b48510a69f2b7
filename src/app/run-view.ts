import type { JsonObject } from '../base/json.ts';
import { logFile, readLogTail } from '../launcher/log-file.ts';
import type { TaskRow } from '../model/run.ts';
import type { CataloguedRun } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { taskId } from './tasks.ts';

/** Names of what a run belongs to, which its row has only by id. */
export interface RunNames {
  readonly experiment: string;
  readonly pipeline: string;
  readonly version: string;
  readonly recurringRun: string;
}

/** Looks names up, each id once. */
export function runNames({ catalogue }: App): (run: CataloguedRun) => Promise<RunNames> {
  const known = new Map<string, Promise<string>>();
  const once = (id: string | null, find: (id: string) => Promise<string | undefined>): Promise<string> => {
    if (id === null || id === '') return Promise.resolve('');
    let name = known.get(id);
    if (!name) known.set(id, (name = find(id).then((found) => found ?? '')));
    return name;
  };
  return async ({ details }) => ({
    experiment: await once(details.experimentId, async (id) => (await catalogue.getExperiment(id))?.name),
    pipeline: await once(details.pipelineId, async (id) => (await catalogue.getPipeline(id))?.displayName),
    version: await once(details.pipelineVersionId, async (id) => (await catalogue.getVersion(id))?.displayName),
    recurringRun: await once(details.recurringRunId, async (id) => (await catalogue.getRecurringRun(id))?.name),
  });
}

/** The pipeline's parameters as the run sees them: defaults, those of the document, those that were given. */
export async function effectiveParameters(app: App, { run }: CataloguedRun): Promise<JsonObject> {
  const { spec, defaultArguments } = await app.documents.pipeline(run.documentDigest);
  const defaults = Object.entries(spec.root.inputDefinitions.parameters).flatMap(([name, { defaultValue }]) =>
    defaultValue === undefined ? [] : [[name, defaultValue] as const],
  );
  return { ...Object.fromEntries(defaults), ...defaultArguments, ...run.arguments };
}

const GROUPS: ReadonlySet<TaskRow['kind']> = new Set(['dag', 'loop']);

/** A task that does something itself. */
export const isLeaf = ({ kind }: TaskRow): boolean => !GROUPS.has(kind);

export function countStates(tasks: readonly TaskRow[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const task of tasks) if (isLeaf(task)) counts[task.state] = (counts[task.state] ?? 0) + 1;
  return counts;
}

export interface FailureCause {
  readonly task: TaskRow;
  readonly attempt: number;
  readonly logTail: string;
}

const TAIL_BYTES = 4_096;

/** The step that failed first, and the end of what it printed. Undefined if no step has failed. */
export async function failureCause({ dataDir }: App, tasks: readonly TaskRow[]): Promise<FailureCause | undefined> {
  const failed = tasks.filter((task) => task.state === 'FAILED' && task.error !== null);
  const leaves = failed.filter(isLeaf);
  const candidates = leaves.length > 0 ? leaves : failed;
  const [task] = candidates.toSorted((left, right) => (left.endedAtMs ?? Infinity) - (right.endedAtMs ?? Infinity));
  if (!task) return undefined;
  const attempt = Math.max(0, task.attempts - 1);
  return { task, attempt, logTail: await readLogTail(logFile(dataDir, `${taskId(task)}.${attempt}`), TAIL_BYTES) };
}
