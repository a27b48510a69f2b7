/** Rows of ours as messages of ML Metadata (metadata_store.proto, proto2; field numbers are KFP's copy of it). */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { artifactTypeName } from '../../model/artifact-type-name.ts';
import type { ArtifactRow, LineageRow, RunRow, TaskRow } from '../../model/run.ts';
import type { TaskState } from '../../model/states.ts';
import { taskId } from '../../app/tasks.ts';
import { numericId } from '../numeric-id.ts';
import { ProtoWriter, structMessage } from './protobuf.ts';

const EXECUTION_STATES: Readonly<Record<TaskState, number>> = {
  PENDING: 1,
  RUNNING: 2,
  SUCCEEDED: 3,
  FAILED: 4,
  CACHED: 5,
  SKIPPED: 6,
  CANCELED: 6,
};
const LIVE = 2;
const INPUT = 3;
const OUTPUT = 4;

export const RUN_CONTEXT_TYPE = 'system.PipelineRun';
export const PIPELINE_CONTEXT_TYPE = 'system.Pipeline';
export const EXECUTION_TYPES = ['system.DAGExecution', 'system.ContainerExecution', 'system.ImporterExecution'] as const;

export const typeIdOf = (name: string): number => numericId(`type ${name}`);
export const runContextId = (runId: string): number => numericId(runId);

export const typeMessage = (name: string): ProtoWriter => new ProtoWriter().int(1, typeIdOf(name)).text(2, name);

/** A map<string, Value> entry of properties. */
function property(writer: ProtoWriter, field: number, name: string, value: JsonValue | undefined): void {
  if (value === undefined || value === null) return;
  const inner = new ProtoWriter();
  if (typeof value === 'string') inner.text(3, value);
  else if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) inner.int(1, value);
  else if (typeof value === 'number') inner.double(2, value);
  else if (typeof value === 'boolean') inner.int(6, value ? 1 : 0);
  else inner.message(4, structMessage(isJsonObject(value) ? value : { list: value }));
  writer.message(field, new ProtoWriter().text(1, name).message(2, inner));
}

export function runContext(run: RunRow): ProtoWriter {
  const writer = new ProtoWriter()
    .int(1, runContextId(run.runId))
    .int(2, typeIdOf(RUN_CONTEXT_TYPE))
    .text(3, run.runId)
    .text(6, RUN_CONTEXT_TYPE)
    .int(7, run.createdAtMs)
    .int(8, run.endedAtMs ?? run.createdAtMs);
  property(writer, 5, 'namespace', run.namespace);
  property(writer, 5, 'resource_name', run.runId);
  property(writer, 5, 'pipeline_root', run.pipelineRoot);
  return writer;
}

export function pipelineContext(run: RunRow): ProtoWriter {
  return new ProtoWriter()
    .int(1, numericId(`pipeline ${run.pipelineName}`))
    .int(2, typeIdOf(PIPELINE_CONTEXT_TYPE))
    .text(3, run.pipelineName)
    .text(6, PIPELINE_CONTEXT_TYPE);
}

/** The root DAG has no task name; an iteration is a DAG below its loop, as the reference driver records it. */
export function execution(task: TaskRow, totalTasks: number): ProtoWriter {
  const type = executionType(task);
  const writer = new ProtoWriter()
    .int(1, numericId(taskId(task)))
    .int(2, typeIdOf(type))
    .int(3, EXECUTION_STATES[task.state])
    .text(6, `run/${taskId(task)}`)
    .text(7, type)
    .int(8, task.createdAtMs)
    .int(9, task.endedAtMs ?? task.startedAtMs ?? task.createdAtMs);
  const parameters = (values: TaskRow['inputs']): JsonObject => ({ ...values?.parameters });
  const properties: Readonly<Record<string, JsonValue | undefined>> = {
    display_name: task.displayName,
    task_name: task.parentTask === null ? '' : task.key,
    parent_dag_id: task.parentTask === null ? undefined : numericId(taskId({ runId: task.runId, task: task.parentTask })),
    iteration_index: task.iteration ?? undefined,
    iteration_count: task.iterationCount,
    pod_name: task.kind === 'container' ? taskId(task) : undefined,
    namespace: '',
    cached_execution_id: task.cachedFromTaskId === null ? undefined : String(numericId(task.cachedFromTaskId)),
    cache_fingerprint: task.cacheKey ?? undefined,
    inputs: parameters(task.inputs),
    outputs: parameters(task.outputs),
    total_dag_tasks: task.kind === 'dag' || task.kind === 'loop' ? totalTasks : undefined,
  };
  for (const [name, value] of Object.entries(properties)) property(writer, 5, name, value);
  // The frontend groups its list of executions by this.
  property(writer, 4, 'run_id', task.runId);
  return writer;
}

function executionType({ kind }: TaskRow): string {
  if (kind === 'dag' || kind === 'loop') return EXECUTION_TYPES[0];
  return kind === 'importer' ? EXECUTION_TYPES[2] : EXECUTION_TYPES[1];
}

/** `uri` is what the frontend can ask this server for. */
export function artifactMessage(row: ArtifactRow, uri: string): ProtoWriter {
  const type = artifactTypeName(row.type) || 'system.Artifact';
  const writer = new ProtoWriter()
    .int(1, numericId(row.id))
    .int(2, typeIdOf(type))
    .text(3, uri)
    .int(6, LIVE)
    .text(7, row.name)
    .text(8, type)
    .int(9, row.createdAtMs)
    .int(10, row.createdAtMs);
  for (const [name, value] of Object.entries({ ...row.metadata, display_name: row.name })) property(writer, 5, name, value);
  return writer;
}

export function eventMessage(row: LineageRow, atMs: number): ProtoWriter {
  const path = new ProtoWriter()
    .message(1, new ProtoWriter().text(2, row.name))
    .message(1, new ProtoWriter().int(1, row.position));
  return new ProtoWriter()
    .int(1, numericId(row.artifactId))
    .int(2, numericId(taskId(row)))
    .message(3, path)
    .int(4, row.direction === 'input' ? INPUT : OUTPUT)
    .int(5, atMs);
}
