import type { Message } from '../../api/message.ts';
import type { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import { artifactTypeName } from '../../model/artifact-type-name.ts';
import type { Artifact } from '../../model/artifact.ts';
import { errorSummary } from '../../model/error-summary.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { Placement } from '../../model/placement.ts';
import type { ArtifactRow, TaskRow, TaskValues } from '../../model/run.ts';
import { taskId } from '../../app/tasks.ts';
import type { RunNames } from '../../app/run-view.ts';
import type { CataloguedRun } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';

export type NativeMessage<Name extends keyof typeof NATIVE_MESSAGES> = Message<typeof NATIVE_MESSAGES, Name>;

export function runSummary(
  { namespaces }: Context,
  { run, details, storageState }: CataloguedRun,
  names: RunNames,
): NativeMessage<'RunSummary'> {
  return {
    run_id: run.runId,
    display_name: run.displayName,
    description: details.description,
    state: run.state,
    storage_state: storageState,
    namespace: namespaces.shown(run.namespace),
    experiment_id: details.experimentId,
    experiment_name: names.experiment,
    pipeline_id: details.pipelineId ?? '',
    pipeline_version_id: details.pipelineVersionId ?? '',
    pipeline_name: run.pipelineName,
    pipeline_display_name: names.pipeline,
    pipeline_version_name: names.version,
    recurring_run_id: details.recurringRunId ?? '',
    cloned_from_run_id: run.clonedFromRunId ?? '',
    created_at: run.createdAtMs,
    scheduled_at: run.scheduledAtMs,
    ...timesOf(run.startedAtMs, run.endedAtMs),
    ...(run.error ? { error: errorMessage(run.error) } : {}),
  };
}

const timesOf = (started: number | undefined, ended: number | undefined) => ({
  ...(started === undefined ? {} : { started_at: started }),
  ...(ended === undefined ? {} : { ended_at: ended }),
});

export const errorMessage = ({ code, message, hint, cause }: TaskError): NativeMessage<'TaskError'> => ({
  code,
  message,
  summary: errorSummary({ message }),
  hint: hint ?? '',
  cause,
});

const TASK_TYPES: Readonly<Record<TaskRow['kind'], NonNullable<NativeMessage<'PipelineTask'>['type']>>> = {
  container: 'RUNTIME',
  importer: 'IMPORTER',
  resolver: 'RUNTIME',
  volume: 'RUNTIME',
  dag: 'DAG',
  loop: 'LOOP',
  suspend: 'RUNTIME',
};

/** A task without what it read and wrote. */
export function basicTask(task: TaskRow): NativeMessage<'PipelineTask'> {
  const { runId } = task;
  return {
    name: task.key,
    display_name: task.displayName,
    task_id: taskId(task),
    run_id: runId,
    cache_fingerprint: task.cacheKey ?? '',
    create_time: task.createdAtMs,
    ...(task.startedAtMs === null ? {} : { start_time: task.startedAtMs }),
    ...(task.endedAtMs === null ? {} : { end_time: task.endedAtMs }),
    state: task.state,
    ...(task.error ? { status_metadata: { message: task.error.message }, error: errorMessage(task.error) } : {}),
    type: task.parentTask === null ? 'ROOT' : TASK_TYPES[task.kind],
    type_attributes: {
      ...(task.iteration === null ? {} : { iteration_index: task.iteration }),
      ...(task.iterationCount === undefined ? {} : { iteration_count: task.iterationCount }),
    },
    ...(task.parentTask === null ? {} : { parent_task_id: taskId({ runId, task: task.parentTask }) }),
    scope_path: scopePath(task),
    number: task.task,
    path: task.path,
    kind: task.kind,
    attempt_count: task.attempts,
    state_reason: task.stateReason ?? '',
    ...(task.placement ? { placement: placementMessage(task.placement) } : {}),
    cached_from_task_id: task.cachedFromTaskId ?? '',
  };
}

export function placementMessage({ node = '', devices = {} }: Placement): NativeMessage<'Placement'> {
  return { node, accelerators: Object.entries(devices).map(([type, indexes]) => ({ type, indexes: [...indexes] })) };
}

/** `root.for-loop-1.train`, as upstream writes it. */
const scopePath = ({ path }: TaskRow): string =>
  [
    'root',
    ...path
      .split('/')
      .filter((part) => part !== '')
      .map((part) => part.replace(/\[\d+\]$/, '')),
  ].join('.');

export function fullTask(task: TaskRow, children: readonly TaskRow[] = []): NativeMessage<'PipelineTask'> {
  return {
    ...basicTask(task),
    child_tasks: children.map((child) => ({ task_id: taskId(child), name: child.key })),
    ...(task.inputs ? { inputs: valuesMessage(task.inputs, 'COMPONENT_INPUT') } : {}),
    ...(task.outputs ? { outputs: valuesMessage(task.outputs, 'OUTPUT') } : {}),
  };
}

type IOType = NonNullable<NativeMessage<'IOParameter'>['type']>;

export function valuesMessage({ parameters, artifacts }: TaskValues, type: IOType): NativeMessage<'TaskInputOutputs'> {
  return {
    parameters: Object.entries(parameters).map(([parameter_key, value]) => ({ parameter_key, value, type })),
    artifacts: Object.entries(artifacts).map(([artifact_key, list]) => ({
      artifact_key,
      artifacts: list.map(artifactMessage),
      type,
    })),
  };
}

const ARTIFACT_TYPES: Readonly<Record<string, NonNullable<NativeMessage<'Artifact'>['type']>>> = {
  'system.Artifact': 'Artifact',
  'system.Model': 'Model',
  'system.Dataset': 'Dataset',
  'system.HTML': 'HTML',
  'system.Markdown': 'Markdown',
  'system.Metrics': 'Metric',
  'system.ClassificationMetrics': 'ClassificationMetric',
  'system.SlicedClassificationMetrics': 'SlicedClassificationMetric',
};

export function artifactMessage(artifact: Artifact): NativeMessage<'Artifact'> {
  const typeName = artifactTypeName(artifact.type);
  return {
    artifact_id: artifact.id,
    name: artifact.name,
    type: ARTIFACT_TYPES[typeName] ?? 'TYPE_UNSPECIFIED',
    uri: artifact.uri,
    metadata: artifact.metadata,
    type_name: typeName,
  };
}

export function artifactRowMessage({ namespaces }: Context, row: ArtifactRow): NativeMessage<'Artifact'> {
  return {
    ...artifactMessage(row),
    created_at: row.createdAtMs,
    namespace: namespaces.shown(row.namespace),
    size_bytes: row.sizeBytes ?? -1,
    run_id: row.runId,
    task_id: taskId(row),
    pipeline_name: row.pipelineName,
  };
}
