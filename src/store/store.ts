/**
 * The store contract: what the platform remembers. One suite (test/contract/store.contract.ts) runs against every
 * implementation. All methods are asynchronous so that a database server can implement them; SQLite answers at once.
 *
 * I1. `commit` is one transaction: after a crash, all of a batch is there or nothing of it.
 * I2. Upserts replace the row with the same key; committing a batch twice leaves the same content.
 * I3. Events of a run come back in the order of their `sequence`; a sequence that is already there is a CONFLICT error
 *     (two engines wrote the same run).
 */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { Artifact } from '../model/artifact.ts';
import type { RecordedEvent } from '../model/events.ts';
import type { ArtifactRow, AttemptRow, LineageRow, RunRow, TaskRow } from '../model/run.ts';

export interface Store extends AsyncDisposable {
  readonly name: string;
  commit(batch: CommitBatch): Promise<void>;

  /** Keeps a pipeline document (canonical JSON text) under its SHA-256; writing it again is harmless. */
  saveDocument(digest: string, body: string): Promise<void>;
  loadDocument(digest: string): Promise<string | undefined>;

  getRun(runId: string): Promise<RunRow | undefined>;
  /** Newest first. */
  listRuns(options: { readonly states?: readonly string[]; readonly limit: number }): Promise<readonly RunRow[]>;
  loadEvents(runId: string): Promise<readonly SequencedEvents[]>;
  /**
   * The sequence of the newest events, undefined before the first. Rows of the run's tasks and lineage are the same as long as it is,
   * but for what tasks say they wait for.
   */
  lastSequence(runId: string): Promise<number | undefined>;
  /** One task by its number: a run may have thousands. */
  getTask(runId: string, task: number): Promise<TaskRow | undefined>;
  /** By number. */
  listTasks(runId: string, part?: TaskPart): Promise<readonly TaskRow[]>;
  countTasks(runId: string, part?: Pick<TaskPart, 'parents'>): Promise<number>;
  listAttempts(runId: string): Promise<readonly AttemptRow[]>;

  /** The newest entry for each key that has one; keys are looked up within one pipeline and namespace. */
  lookupCache(scope: CacheScope, keys: readonly string[]): Promise<ReadonlyMap<string, CacheEntry>>;
  /** Forgets entries, e.g. because their artifacts are gone. */
  removeCacheEntries(scope: CacheScope, keys: readonly string[]): Promise<void>;

  getArtifact(id: string): Promise<ArtifactRow | undefined>;
  /** Newest first, within one pipeline and namespace. `typeName` is the schema title, or the `title:` of an instance schema. */
  findArtifacts(query: ArtifactQuery): Promise<readonly ArtifactRow[]>;
  /** Executions that read (`input`) or wrote (`output`) the artifact, oldest first. */
  lineageOfArtifact(artifactId: string): Promise<readonly LineageRow[]>;
  lineageOfRun(runId: string): Promise<readonly LineageRow[]>;
}

/** Of the tasks of a run, some. */
export interface TaskPart {
  /** Only those directly below tasks of these numbers. */
  readonly parents?: readonly number[] | undefined;
  /** Only those with larger numbers. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** What one tick of the engine writes. */
export interface CommitBatch {
  readonly runs: readonly RunRow[];
  readonly events: readonly SequencedEvents[];
  readonly tasks: readonly TaskRow[];
  readonly attempts: readonly AttemptRow[];
  readonly artifacts: readonly ArtifactRow[];
  readonly lineage: readonly LineageRow[];
  readonly cache: readonly (CacheScope & { readonly key: string; readonly entry: CacheEntry })[];
  /** Task instances that a reset removed (their scope starts afresh); applied before the upserts. */
  readonly removedTasks?: readonly { readonly runId: string; readonly task: number }[];
  /** True: the runs must be new; one that is stored already is a CONFLICT, and nothing is written. Default: false. */
  readonly newRuns?: boolean;
  /** True when a caller was told "accepted": the batch must survive a power cut, not only a crash. Default: false. */
  readonly durable?: boolean;
}

/** The events of one run decided in one tick, stored together. `sequence` counts a run's ticks from 0. */
export interface SequencedEvents {
  readonly runId: string;
  readonly sequence: number;
  readonly events: readonly RecordedEvent[];
}

export interface CacheScope {
  readonly namespace: string;
  readonly pipelineName: string;
}

/** The outputs of an execution that succeeded, as a later one takes them over. */
export interface CacheEntry {
  readonly taskId: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, readonly CachedArtifact[]>>;
  readonly createdAtMs: number;
}

/** `written`: there were bytes at the URI when the entry was made; if they are gone, the entry is worth nothing. */
export type CachedArtifact = Artifact & { readonly written: boolean };

export interface ArtifactQuery extends CacheScope {
  readonly typeName?: string;
  readonly uri?: string;
  readonly name?: string;
  /** Every member must be equal in the artifact's metadata. */
  readonly metadata?: JsonObject;
  readonly limit: number;
}
