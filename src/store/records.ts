import type { RecordedEvent } from '../model/events.ts';
import type { ArtifactRow, AttemptRow, LineageRow, RunRow, TaskRow } from '../model/run.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import type {
  ArtifactRecord,
  AttemptRecord,
  CacheRecord,
  LineageRecord,
  RunEventsRecord,
  RunRecord,
  TaskRecord,
} from './schema.ts';
import type { CacheEntry, CommitBatch, SequencedEvents } from './store.ts';

/**
 * Between the rows of the contract and the records of the tables. Each `…Record` function returns the columns in one fixed
 * order, so that the values of any record fit the statement compiled from another. A field that is absent in a row is NULL
 * in the table and absent again when read.
 */
const json = (value: unknown): string => JSON.stringify(value);
const jsonOrNull = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value));
const parsed = <T>(text: string): T => JSON.parse(text) as T;
const parsedOrNull = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

export const runRecord = (run: RunRow): RunRecord => ({
  run_id: run.runId,
  namespace: run.namespace,
  display_name: run.displayName,
  pipeline_name: run.pipelineName,
  document_digest: run.documentDigest,
  arguments: json(run.arguments),
  pipeline_root: run.pipelineRoot,
  settings: json(run.settings),
  created_at_ms: run.createdAtMs,
  scheduled_at_ms: run.scheduledAtMs,
  cloned_from_run_id: run.clonedFromRunId ?? null,
  state: run.state,
  started_at_ms: run.startedAtMs ?? null,
  ended_at_ms: run.endedAtMs ?? null,
  error: jsonOrNull(run.error),
  outputs: jsonOrNull(run.outputs),
});

export const runRow = (record: RunRecord): RunRow => ({
  runId: record.run_id,
  namespace: record.namespace,
  displayName: record.display_name,
  pipelineName: record.pipeline_name,
  documentDigest: record.document_digest,
  arguments: parsed(record.arguments),
  pipelineRoot: record.pipeline_root,
  settings: parsed(record.settings),
  createdAtMs: record.created_at_ms,
  scheduledAtMs: record.scheduled_at_ms,
  ...(record.cloned_from_run_id === null ? {} : { clonedFromRunId: record.cloned_from_run_id }),
  state: record.state as RunRow['state'],
  ...(record.started_at_ms === null ? {} : { startedAtMs: record.started_at_ms }),
  ...(record.ended_at_ms === null ? {} : { endedAtMs: record.ended_at_ms }),
  ...(record.error === null ? {} : { error: parsed(record.error) }),
  ...(record.outputs === null ? {} : { outputs: parsed(record.outputs) }),
});

export const runEventsRecord = (tick: SequencedEvents): RunEventsRecord => ({
  run_id: tick.runId,
  sequence: tick.sequence,
  events: json(tick.events),
});

export const sequencedEvents = (record: RunEventsRecord): SequencedEvents => ({
  runId: record.run_id,
  sequence: record.sequence,
  events: parsed<readonly RecordedEvent[]>(record.events),
});

export const taskRecord = (task: TaskRow): TaskRecord => ({
  run_id: task.runId,
  task: task.task,
  parent_task: task.parentTask,
  key: task.key,
  display_name: task.displayName,
  path: task.path,
  kind: task.kind,
  iteration: task.iteration,
  state: task.state,
  state_reason: task.stateReason,
  error: jsonOrNull(task.error),
  attempts: task.attempts,
  cache_key: task.cacheKey,
  cached_from_task_id: task.cachedFromTaskId,
  inputs: jsonOrNull(task.inputs),
  outputs: jsonOrNull(task.outputs),
  created_at_ms: task.createdAtMs,
  started_at_ms: task.startedAtMs,
  ended_at_ms: task.endedAtMs,
  iteration_count: task.iterationCount ?? null,
  placement: jsonOrNull(task.placement),
});

export const taskRow = (record: TaskRecord): TaskRow => ({
  runId: record.run_id,
  task: record.task,
  parentTask: record.parent_task,
  key: record.key,
  displayName: record.display_name,
  path: record.path,
  kind: record.kind as TaskRow['kind'],
  iteration: record.iteration,
  state: record.state as TaskRow['state'],
  stateReason: record.state_reason,
  error: parsedOrNull(record.error),
  attempts: record.attempts,
  cacheKey: record.cache_key,
  cachedFromTaskId: record.cached_from_task_id,
  inputs: parsedOrNull(record.inputs),
  outputs: parsedOrNull(record.outputs),
  createdAtMs: record.created_at_ms,
  startedAtMs: record.started_at_ms,
  endedAtMs: record.ended_at_ms,
  ...(record.iteration_count === null ? {} : { iterationCount: record.iteration_count }),
  ...(record.placement === null ? {} : { placement: parsed(record.placement) }),
});

export const attemptRecord = (attempt: AttemptRow): AttemptRecord => ({
  run_id: attempt.runId,
  task: attempt.task,
  attempt: attempt.attempt,
  state: attempt.state,
  error: jsonOrNull(attempt.error),
  launched_at_ms: attempt.launchedAtMs,
  started_at_ms: attempt.startedAtMs,
  ended_at_ms: attempt.endedAtMs,
  cpu_ms: attempt.cpuMs,
  peak_memory_bytes: attempt.peakMemoryBytes,
  placement: jsonOrNull(attempt.placement),
});

export const attemptRow = (record: AttemptRecord): AttemptRow => ({
  runId: record.run_id,
  task: record.task,
  attempt: record.attempt,
  state: record.state as AttemptRow['state'],
  error: parsedOrNull(record.error),
  launchedAtMs: record.launched_at_ms,
  startedAtMs: record.started_at_ms,
  endedAtMs: record.ended_at_ms,
  cpuMs: record.cpu_ms,
  peakMemoryBytes: record.peak_memory_bytes,
  ...(record.placement === null ? {} : { placement: parsed(record.placement) }),
});

export const artifactRecord = (artifact: ArtifactRow): ArtifactRecord => ({
  id: artifact.id,
  name: artifact.name,
  uri: artifact.uri,
  type: json(artifact.type),
  type_name: artifactTypeName(artifact.type),
  metadata: json(artifact.metadata),
  namespace: artifact.namespace,
  pipeline_name: artifact.pipelineName,
  run_id: artifact.runId,
  task: artifact.task,
  size_bytes: artifact.sizeBytes,
  created_at_ms: artifact.createdAtMs,
});

export const artifactRow = (record: ArtifactRecord): ArtifactRow => ({
  id: record.id,
  name: record.name,
  uri: record.uri,
  type: parsed(record.type),
  metadata: parsed(record.metadata),
  namespace: record.namespace,
  pipelineName: record.pipeline_name,
  runId: record.run_id,
  task: record.task,
  sizeBytes: record.size_bytes,
  createdAtMs: record.created_at_ms,
});

export const lineageRecord = (lineage: LineageRow): LineageRecord => ({
  run_id: lineage.runId,
  task: lineage.task,
  artifact_id: lineage.artifactId,
  direction: lineage.direction,
  name: lineage.name,
  position: lineage.position,
});

export const lineageRow = (record: LineageRecord): LineageRow => ({
  runId: record.run_id,
  task: record.task,
  artifactId: record.artifact_id,
  direction: record.direction as LineageRow['direction'],
  name: record.name,
  position: record.position,
});

export const cacheRecord = (cached: CommitBatch['cache'][number]): CacheRecord => ({
  namespace: cached.namespace,
  pipeline_name: cached.pipelineName,
  key: cached.key,
  task_id: cached.entry.taskId,
  parameters: json(cached.entry.parameters),
  artifacts: json(cached.entry.artifacts),
  created_at_ms: cached.entry.createdAtMs,
});

export const cacheEntry = (record: Omit<CacheRecord, 'namespace' | 'pipeline_name' | 'key'>): CacheEntry => ({
  taskId: record.task_id,
  parameters: parsed(record.parameters),
  artifacts: parsed(record.artifacts),
  createdAtMs: record.created_at_ms,
});
