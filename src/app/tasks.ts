import { ProductError } from '../base/errors.ts';
import type { ComponentSpec, PipelineSpec, TaskSpec } from '../ir/spec.ts';
import { logFile, logSize } from '../launcher/log-file.ts';
import type { RunEvent } from '../model/events.ts';
import type { AttemptRow, TaskRow } from '../model/run.ts';
import { isFinalTask } from '../model/states.ts';
import type { App } from './app.ts';

/** A task's id is its run's and its number in it. */
export const taskId = ({ runId, task }: Pick<TaskRow, 'runId' | 'task'>): string => `${runId}.${task}`;

/** A task of a run by its id, its number, or its path. Throws NOT_FOUND. */
export async function getTask({ store }: App, runId: string, name: string): Promise<TaskRow> {
  const number = taskNumber(runId, name);
  const found =
    number === undefined ? (await store.listTasks(runId)).find(({ path }) => path === name) : await store.getTask(runId, number);
  if (!found) throw new ProductError('NOT_FOUND', `Task ${name} of run ${runId} not found`);
  return found;
}

export interface TaskPage {
  readonly tasks: readonly TaskRow[];
  /** Tasks directly below those, by the number of the one they are below. */
  readonly children: ReadonlyMap<number | null, readonly TaskRow[]>;
  readonly total: number;
  /** What the next page comes after; undefined on the last. */
  readonly next: number | undefined;
}

export interface TaskPageRequest {
  /** Only those directly below this task. */
  readonly parentId?: string | undefined;
  /** Only those with larger numbers. */
  readonly after?: number | undefined;
  readonly limit: number;
  readonly withChildren: boolean;
}

/** Some tasks of a run in the order of their numbers. */
export async function taskPage({ store }: App, runId: string, request: TaskPageRequest): Promise<TaskPage> {
  const { parentId, after, limit, withChildren } = request;
  const parents = parentId === undefined ? undefined : [taskNumber(runId, parentId) ?? -1];
  const found = await store.listTasks(runId, { parents, after, limit: limit + 1 });
  const tasks = found.slice(0, limit);
  const groups = withChildren ? tasks.filter(({ kind }) => kind === 'dag' || kind === 'loop') : [];
  const below = groups.length === 0 ? [] : await store.listTasks(runId, { parents: groups.map(({ task }) => task) });
  return {
    tasks,
    children: Map.groupBy(below, ({ parentTask }) => parentTask),
    total: await store.countTasks(runId, { parents }),
    next: found.length > limit ? tasks.at(-1)?.task : undefined,
  };
}

/** The number in a task's id, or a number alone; undefined for a path and whatever else. */
function taskNumber(runId: string, name: string): number | undefined {
  const text = name.startsWith(`${runId}.`) ? name.slice(runId.length + 1) : name;
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined;
}

export interface TaskLog {
  /** It need not exist: a step that prints nothing has no log. */
  readonly file: string;
  readonly attempt: number;
  /** Whether nothing more will be written, as far as is known now. */
  isComplete(): Promise<boolean>;
}

/** The log of an attempt; by default of the last one. Throws NOT_FOUND. */
export async function taskLog(app: App, task: TaskRow, attempt?: number): Promise<TaskLog> {
  const number = attempt ?? Math.max(0, task.attempts - 1);
  if (number < 0 || (attempt !== undefined && attempt >= Math.max(1, task.attempts))) {
    throw new ProductError('NOT_FOUND', `Attempt ${number} of task ${taskId(task)} not found`);
  }
  return {
    file: logFile(app.dataDir, `${taskId(task)}.${number}`),
    attempt: number,
    async isComplete() {
      const now = await app.store.getTask(task.runId, task.task);
      return !now || isFinalTask(now.state) || now.attempts > number + 1;
    },
  };
}

export interface ShownAttempt {
  readonly row: AttemptRow;
  readonly logBytes: number;
}

/** Attempts of one task, the first one first. */
export async function attemptsOf({ store, dataDir }: App, given: TaskRow): Promise<readonly ShownAttempt[]> {
  const rows = (await store.listAttempts(given.runId)).filter(({ task }) => task === given.task);
  const sorted = rows.toSorted((left, right) => left.attempt - right.attempt);
  return await Promise.all(
    sorted.map(async (row) => ({ row, logBytes: await logSize(logFile(dataDir, `${taskId(given)}.${row.attempt}`)) })),
  );
}

/** What is started for a step, as the pipeline says it: placeholders are shown as they are. Undefined for other tasks. */
export async function taskLaunch(app: App, task: TaskRow) {
  const run = await app.store.getRun(task.runId);
  if (!run || task.kind !== 'container') return undefined;
  const document = await app.documents.pipeline(run.documentDigest);
  const component = componentAt(document.spec, task.path);
  const label = component?.executorLabel;
  const executor = label === undefined ? undefined : document.spec.executors[label];
  if (label === undefined || executor?.kind !== 'container') return undefined;
  const { image, command, args, env, resources } = executor.container;
  return {
    image,
    command,
    args,
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
    ...(resources ? { resources: { ...resources } } : {}),
    platform: document.platform.executors[label] ?? {},
  };
}

/** Follows the keys of a path through the components: `/for-loop-1[0]/train`. */
function componentAt(spec: PipelineSpec, path: string): ComponentSpec | undefined {
  let component: ComponentSpec | undefined = spec.root;
  for (const part of path.split('/').filter((key) => key !== '')) {
    const task: TaskSpec | undefined = component?.dag?.tasks[part.replace(/\[\d+\]$/, '')];
    component = task && spec.components[task.componentName];
  }
  return component;
}

export interface TaskEvent {
  readonly atMs: number;
  readonly kind: string;
  readonly attempt: number;
  readonly message: string;
}

/** What happened to a task from outside, in order. */
export async function taskEvents({ store }: App, { runId, task }: TaskRow): Promise<readonly TaskEvent[]> {
  const recorded = await store.loadEvents(runId);
  return recorded.flatMap(({ events }) =>
    events.flatMap(({ atMs, event }) => {
      const isOurs = 'task' in event && event.task === task;
      const isRuns = event.kind === 'cancel-requested' || event.kind === 'resumed' || event.kind === 'deadline-passed';
      if (!isOurs && !isRuns) return [];
      return [{ atMs, kind: event.kind, attempt: 'attempt' in event ? event.attempt : 0, message: eventMessage(event) }];
    }),
  );
}

function eventMessage(event: RunEvent): string {
  switch (event.kind) {
    case 'launched':
      return event.cacheMiss ?? '';
    case 'finished':
      return event.outcome.kind === 'failed' ? event.outcome.error.message : event.outcome.kind;
    case 'cache-hit':
      return `outputs of ${event.fromTaskId} were taken over`;
    case 'not-found':
      return event.message;
    case 'cancel-requested':
      return event.reason;
    case 'approved':
      return `by ${event.by}`;
    default:
      return '';
  }
}
