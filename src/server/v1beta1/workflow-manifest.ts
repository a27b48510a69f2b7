import type { JsonObject } from '../../base/json.ts';
import { valueToText } from '../../ir/values.ts';
import type { RunRow, TaskRow } from '../../model/run.ts';
import type { TaskState } from '../../model/states.ts';
import { taskId } from '../../app/tasks.ts';

const PHASES: Readonly<Record<TaskState, string>> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  CACHED: 'Succeeded',
  SKIPPED: 'Skipped',
  FAILED: 'Failed',
  CANCELED: 'Failed',
};
const RUN_PHASES: Readonly<Record<RunRow['state'], string>> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  PAUSED: 'Running',
  CANCELING: 'Running',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELED: 'Failed',
};

/**
 * The Argo Workflow a run would have left behind, as far as v1beta1's clients read one: the nodes with their phases, times and
 * outputs. There is no such workflow: the manifest is made of our rows.
 */
export function workflowManifest(run: RunRow, tasks: readonly TaskRow[], bucket: string): JsonObject {
  const children = Map.groupBy(tasks, ({ parentTask }) => parentTask);
  const names = [...new Set(tasks.map(templateName))];
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: run.runId, namespace: run.namespace, creationTimestamp: time(run.createdAtMs) },
    spec: {
      entrypoint: run.pipelineName,
      templates: names.map((name) => ({ name })),
      arguments: { parameters: Object.entries(run.arguments).map(([name, value]) => ({ name, value: valueToText(value) })) },
    },
    status: {
      phase: RUN_PHASES[run.state],
      startedAt: time(run.startedAtMs ?? run.createdAtMs),
      ...(run.endedAtMs === undefined ? {} : { finishedAt: time(run.endedAtMs) }),
      ...(run.error ? { message: run.error.message } : {}),
      nodes: Object.fromEntries(tasks.map((task) => [nodeId(task), nodeOf(run, task, children.get(task.task) ?? [])])),
      artifactRepositoryRef: { artifactRepository: { s3: { bucket, endpoint: '' } } },
    },
  };
}

/** Clients look for the node that has the workflow's own name. */
const nodeId = (task: TaskRow): string => (task.parentTask === null ? task.runId : taskId(task));

function nodeOf(run: RunRow, task: TaskRow, children: readonly TaskRow[]): JsonObject {
  return {
    id: nodeId(task),
    name: task.parentTask === null ? run.runId : `${run.runId}${task.path.replaceAll('/', '.')}`,
    displayName: task.displayName,
    type: typeOf(task),
    phase: PHASES[task.state],
    templateName: templateName(task),
    ...(task.parentTask === null ? {} : { boundaryID: task.parentTask === 0 ? task.runId : `${task.runId}.${task.parentTask}` }),
    startedAt: time(task.startedAtMs ?? task.createdAtMs),
    ...(task.endedAtMs === null ? {} : { finishedAt: time(task.endedAtMs) }),
    ...(task.error ? { message: task.error.message } : {}),
    children: children.map(nodeId),
    ...(task.inputs ? { inputs: valuesOf(task.inputs) } : {}),
    ...(task.outputs ? { outputs: valuesOf(task.outputs) } : {}),
  };
}

const templateName = (task: TaskRow): string => (task.parentTask === null ? 'entrypoint' : task.key);

function typeOf({ state, kind }: TaskRow): string {
  if (state === 'SKIPPED') return 'Skipped';
  if (kind === 'loop') return 'TaskGroup';
  return kind === 'dag' ? 'DAG' : 'Pod';
}

function valuesOf({ parameters, artifacts }: NonNullable<TaskRow['outputs']>): JsonObject {
  return {
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, value: valueToText(value) })),
    artifacts: Object.entries(artifacts).flatMap(([name, list]) =>
      list.map(({ uri }) => ({ name, s3: { key: uri, bucket: '' } })),
    ),
  };
}

const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
