/** A run's state as the rows others read. */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { RunRow, TaskKind, TaskRow } from '../model/run.ts';
import { VOLUME_IMAGES } from './plan-pipeline.ts';
import { pathOf, type RunData, type TaskInstance } from './run-data.ts';

export function runRow(run: RunData): RunRow {
  const root = run.tasks[0]!;
  const final = run.endedAtMs !== null;
  return {
    ...run.definition,
    state: run.state,
    startedAtMs: run.startedAtMs,
    ...(run.endedAtMs === null ? {} : { endedAtMs: run.endedAtMs }),
    ...(run.error === null ? {} : { error: run.error }),
    ...(final ? { outputs: { parameters: root.outputs?.parameters ?? {}, artifacts: root.outputs?.artifacts ?? {} } } : {}),
  };
}

export function taskRow(run: RunData, task: TaskInstance): TaskRow {
  return {
    runId: run.definition.runId,
    task: task.number,
    parentTask: task.parent?.number ?? null,
    key: task.planTask?.key ?? '',
    displayName: task.planTask?.displayName ?? run.plan.pipelineName,
    path: pathOf(task),
    kind: kindOf(task),
    iteration: task.iteration,
    state: task.state,
    stateReason: task.waitsFor ?? task.reason,
    error: task.error,
    attempts: task.attempts,
    cacheKey: task.cacheKey,
    cachedFromTaskId: task.cachedFrom,
    inputs: task.inputs && { parameters: shownParameters(task), artifacts: task.inputs.artifacts },
    outputs: task.outputs,
    createdAtMs: task.createdAtMs,
    startedAtMs: task.startedAtMs,
    endedAtMs: task.endedAtMs,
    ...(task.loop && { iterationCount: task.loop.items.length }),
    ...(task.placement && { placement: task.placement }),
  };
}

/** Iterations carry the loop's whole list among their inputs; showing it in each would make rows quadratic. */
function shownParameters(task: TaskInstance): JsonObject {
  const parameters = task.inputs!.parameters;
  const loop = task.iteration === null ? undefined : task.planTask?.loop;
  if (loop?.kind !== 'parameter' || loop.items.kind !== 'input') return parameters;
  const shown: Record<string, JsonValue> = { ...parameters };
  delete shown[loop.items.inputParameter];
  return shown;
}

function kindOf(task: TaskInstance): TaskKind {
  if (task.isLoop) return 'loop';
  switch (task.template.kind) {
    case 'scope':
      return 'dag';
    case 'container':
      return VOLUME_IMAGES.has(task.template.container.image) ? 'volume' : 'container';
    default:
      return task.template.kind;
  }
}
