import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../base/json.ts';
import type { TaskRow, TaskValues } from '../model/run.ts';
import type { App } from './app.ts';

export interface CacheExplanation {
  /** OFF: the cache was not asked. */
  readonly result: 'HIT' | 'MISS' | 'OFF';
  readonly reason: string;
  /** Task id of the execution whose outputs were taken over. */
  readonly from?: string;
  /** For a miss: what differs from the last execution of the same task. */
  readonly differences: readonly CacheDifference[];
}

export interface CacheDifference {
  readonly what: string;
  readonly before: JsonValue;
  readonly now: JsonValue;
}

const EARLIER_RUNS = 20;
/** Of wide runs, fewer are looked through. */
const MAX_TASKS_READ = 20_000;

/** Why a step was taken from the cache, or not: in terms of what a user wrote and passed. */
export async function explainCache(app: App, task: TaskRow): Promise<CacheExplanation> {
  if (task.state === 'CACHED') {
    const from = task.cachedFromTaskId ?? '';
    return { result: 'HIT', reason: 'an equal step has run before: its outputs were taken over', from, differences: [] };
  }
  if (task.cacheKey === null) {
    const reason = task.stateReason ?? (task.kind === 'container' ? 'caching is off for this step' : 'only steps are cached');
    return { result: 'OFF', reason, differences: [] };
  }
  const earlier = await lastExecution(app, task);
  if (!earlier) return { result: 'MISS', reason: task.stateReason ?? 'it has not run before', differences: [] };
  const differences = differencesOf(earlier, task);
  const reason =
    task.stateReason ??
    (differences.length > 0
      ? 'its inputs are not those of its last execution'
      : 'its inputs are those of its last execution: what it is has changed (image, command, environment), or that did not succeed');
  return { result: 'MISS', reason, differences };
}

/** The same task of an earlier run of the same pipeline in the same namespace: no other is looked for in the cache. */
async function lastExecution(app: App, task: TaskRow): Promise<TaskRow | undefined> {
  const run = await app.store.getRun(task.runId);
  if (!run) return undefined;
  const { rows } = await app.catalogue.listCataloguedRuns({
    predicates: [
      { field: 'namespace', operation: 'eq', values: [run.namespace] },
      { field: 'pipeline_name', operation: 'eq', values: [run.pipelineName] },
      { field: 'created_at_ms', operation: 'le', values: [Math.floor(run.createdAtMs / 1000)] },
    ],
    sort: { field: 'created_at_ms', descending: true },
    limit: EARLIER_RUNS,
  });
  let tasksRead = 0;
  for (const { run: other } of rows) {
    if (other.runId === run.runId || other.createdAtMs > run.createdAtMs) continue;
    if (tasksRead >= MAX_TASKS_READ) break;
    const tasks = await app.store.listTasks(other.runId);
    tasksRead += tasks.length;
    const same = tasks.find(({ path, inputs }) => path === task.path && inputs !== null);
    if (same) return same;
  }
  return undefined;
}

function differencesOf(before: TaskRow, now: TaskRow): readonly CacheDifference[] {
  const old = flat(before.inputs);
  const fresh = flat(now.inputs);
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((name) => !isDeepStrictEqual(old.get(name), fresh.get(name)))
    .map((name) => ({ what: name, before: old.get(name) ?? null, now: fresh.get(name) ?? null }));
}

/** Inputs by name; artifacts as the URIs of what they are. */
function flat(inputs: TaskValues | null): ReadonlyMap<string, JsonValue> {
  return new Map<string, JsonValue>([
    ...Object.entries(inputs?.parameters ?? {}),
    ...Object.entries(inputs?.artifacts ?? {}).map(([name, list]) => [name, list.map(({ uri }) => uri)] as const),
  ]);
}
