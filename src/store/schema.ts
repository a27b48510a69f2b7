import type { AccessSchema } from './access-records.ts';

/**
 * The tables as Kysely sees them; the migrations create them. Names are snake_case, times are epoch milliseconds, and
 * everything that is not searched by is JSON text, so that rows stay narrow and mean the same in every database.
 */
export interface StoreSchema extends AccessSchema {
  readonly documents: DocumentRecord;
  readonly runs: RunRecord;
  readonly run_events: RunEventsRecord;
  readonly tasks: TaskRecord;
  readonly attempts: AttemptRecord;
  readonly artifacts: ArtifactRecord;
  readonly lineage: LineageRecord;
  readonly cache_entries: CacheRecord;
}

/** JSON, as text. */
type Json = string;

export interface DocumentRecord {
  readonly digest: string;
  readonly body: string;
}

export interface RunRecord {
  readonly run_id: string;
  readonly namespace: string;
  readonly display_name: string;
  readonly pipeline_name: string;
  readonly document_digest: string;
  readonly arguments: Json;
  readonly pipeline_root: string;
  readonly settings: Json;
  readonly created_at_ms: number;
  readonly scheduled_at_ms: number;
  readonly cloned_from_run_id: string | null;
  readonly state: string;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly error: Json | null;
  readonly outputs: Json | null;
}

export interface RunEventsRecord {
  readonly run_id: string;
  readonly sequence: number;
  /** RecordedEvent[]: one tick's events are read and written together. */
  readonly events: Json;
}

export interface TaskRecord {
  readonly run_id: string;
  readonly task: number;
  readonly parent_task: number | null;
  readonly key: string;
  readonly display_name: string;
  readonly path: string;
  readonly kind: string;
  readonly iteration: number | null;
  readonly state: string;
  readonly state_reason: string | null;
  readonly error: Json | null;
  readonly attempts: number;
  readonly cache_key: string | null;
  readonly cached_from_task_id: string | null;
  readonly inputs: Json | null;
  readonly outputs: Json | null;
  readonly created_at_ms: number;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly iteration_count: number | null;
  readonly placement: Json | null;
}

export interface AttemptRecord {
  readonly run_id: string;
  readonly task: number;
  readonly attempt: number;
  readonly state: string;
  readonly error: Json | null;
  readonly launched_at_ms: number;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly cpu_ms: number | null;
  readonly peak_memory_bytes: number | null;
  readonly placement: Json | null;
}

export interface ArtifactRecord {
  readonly id: string;
  readonly name: string;
  readonly uri: string;
  /** ArtifactType. */
  readonly type: Json;
  /** What ArtifactQuery.typeName is compared with; derived from `type`. */
  readonly type_name: string;
  readonly metadata: Json;
  readonly namespace: string;
  readonly pipeline_name: string;
  readonly run_id: string;
  readonly task: number;
  readonly size_bytes: number | null;
  readonly created_at_ms: number;
}

export interface LineageRecord {
  readonly run_id: string;
  readonly task: number;
  readonly artifact_id: string;
  readonly direction: string;
  readonly name: string;
  readonly position: number;
}

export interface CacheRecord {
  readonly namespace: string;
  readonly pipeline_name: string;
  readonly key: string;
  readonly task_id: string;
  readonly parameters: Json;
  readonly artifacts: Json;
  readonly created_at_ms: number;
}
