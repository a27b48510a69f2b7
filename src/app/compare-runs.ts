import { isDeepStrictEqual } from 'node:util';
import { ProductError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import type { TaskRow } from '../model/run.ts';
import type { CataloguedRun } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { getRun } from './runs.ts';
import { effectiveParameters } from './run-view.ts';

export interface Comparison {
  readonly runs: readonly CataloguedRun[];
  readonly parameters: readonly ComparedRow[];
  readonly metrics: readonly ComparedRow[];
  readonly tasks: readonly ComparedTask[];
}

/** Values in the order of the runs; null where a run has none. */
export interface ComparedRow {
  readonly name: string;
  readonly values: readonly JsonValue[];
  readonly isDifferent: boolean;
}

export interface ComparedTask {
  readonly path: string;
  readonly tasks: readonly (TaskRow | undefined)[];
  readonly isDifferent: boolean;
}

const MIN_RUNS = 2;
const MAX_RUNS = 10;

/** Runs side by side; what differs comes first. Throws INVALID_ARGUMENTS, NOT_FOUND. */
export async function compareRuns(app: App, runIds: readonly string[]): Promise<Comparison> {
  if (runIds.length < MIN_RUNS || runIds.length > MAX_RUNS) {
    throw new ProductError('INVALID_ARGUMENTS', `${MIN_RUNS} to ${MAX_RUNS} runs can be compared, not ${runIds.length}`);
  }
  const runs = await Promise.all(runIds.map((id) => getRun(app, id)));
  const tasks = await Promise.all(runIds.map((id) => app.store.listTasks(id)));
  const parameters = await Promise.all(runs.map((run) => effectiveParameters(app, run)));
  return {
    runs,
    parameters: comparedRows(parameters.map((object) => new Map(Object.entries(object)))),
    metrics: comparedRows(runs.map((run, at) => metricsOf(run, tasks[at]!))),
    tasks: comparedTasks(tasks),
  };
}

function comparedRows(columns: readonly ReadonlyMap<string, JsonValue>[]): readonly ComparedRow[] {
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const rows = names.map((name): ComparedRow => {
    const values = columns.map((column) => column.get(name) ?? null);
    return { name, values, isDifferent: values.some((value) => !isDeepStrictEqual(value, values[0])) };
  });
  return differencesFirst(rows);
}

/** Numbers of Metrics artifacts under `task.artifact.metric`, and those reported through v1beta1. */
function metricsOf({ details }: CataloguedRun, tasks: readonly TaskRow[]): ReadonlyMap<string, JsonValue> {
  const metrics = new Map<string, JsonValue>();
  for (const task of tasks) {
    for (const [output, list] of Object.entries(task.outputs?.artifacts ?? {})) {
      for (const artifact of list) {
        if (task.kind === 'dag' || task.kind === 'loop' || artifactTypeName(artifact.type) !== 'system.Metrics') continue;
        for (const [name, value] of Object.entries(artifact.metadata)) {
          if (typeof value === 'number') metrics.set(`${task.path.slice(1)}.${output}.${name}`, value);
        }
      }
    }
  }
  for (const { name, nodeId, value } of details.metrics) metrics.set(`${nodeId}.${name}`, value);
  return metrics;
}

function comparedTasks(columns: readonly (readonly TaskRow[])[]): readonly ComparedTask[] {
  const byPath = columns.map((tasks) => new Map(tasks.map((task) => [task.path, task])));
  const paths = [...new Set(byPath.flatMap((column) => [...column.keys()]))].filter((path) => path !== '/');
  const rows = paths.map((path): ComparedTask => {
    const tasks = byPath.map((column) => column.get(path));
    return { path, tasks, isDifferent: tasks.some((task) => task?.state !== tasks[0]?.state) };
  });
  return differencesFirst(rows);
}

const differencesFirst = <Row extends { readonly isDifferent: boolean }>(rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((left, right) => Number(right.isDifferent) - Number(left.isDifferent));
