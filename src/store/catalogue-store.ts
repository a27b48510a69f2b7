/**
 * The catalogue contract: what the product keeps around runs. Pipelines and their versions, experiments, recurring runs, and what
 * a run was asked for with. It shares the database with the store (store.ts); documents are kept there, under their digests.
 *
 * I1. Names are unique: an experiment's and a pipeline's in its namespace, a version's in its pipeline (ALREADY_EXISTS).
 * I2. A page continues where the last one ended, whatever was added or removed meanwhile; `total` counts all rows that match, but for
 *     conditions that no count is kept for not beyond 2,000: that would take longer than the page.
 * I3. A run is in the catalogue from the moment it is stored; what is known of it beyond its row may be recorded before it.
 */
import type { JsonObject } from '../base/json.ts';
import type { ArtifactRow, RunRow } from '../model/run.ts';
import type { RunState } from '../model/states.ts';

export type StorageState = 'AVAILABLE' | 'ARCHIVED';

export interface ExperimentRow {
  readonly experimentId: string;
  readonly namespace: string;
  readonly name: string;
  readonly description: string;
  readonly createdAtMs: number;
  /** 0 before the first. */
  readonly lastRunCreatedAtMs: number;
  readonly storageState: StorageState;
}

export interface PipelineRow {
  readonly pipelineId: string;
  readonly namespace: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The version chosen by hand (v1beta1); null: the newest. */
  readonly defaultVersionId: string | null;
}

export interface PipelineVersionRow {
  readonly pipelineVersionId: string;
  readonly pipelineId: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly codeSourceUrl: string;
  readonly packageUrl: string;
  readonly tags: Readonly<Record<string, string>>;
  /** An Argo Workflow is kept and shown, not run. */
  readonly kind: 'pipeline' | 'argo';
  /** Digest of the document as JSON: as the engine writes it, or the Workflow. */
  readonly specDigest: string;
  /** Digest of the text that was uploaded. */
  readonly templateDigest: string;
}

/** What a run was asked for with, beyond what the engine needs. */
export interface RunDetails {
  readonly runId: string;
  readonly experimentId: string;
  readonly description: string;
  readonly pipelineId: string | null;
  readonly pipelineVersionId: string | null;
  /** Digest of the pipeline spec that came with the request; null for a run of a version. */
  readonly inlineSpecDigest: string | null;
  /** As given, before macros and defaults. */
  readonly parameters: JsonObject;
  /** As given; "" if it was not. */
  readonly pipelineRoot: string;
  readonly serviceAccount: string;
  readonly recurringRunId: string | null;
  readonly pluginsInput: JsonObject;
  /** States before the run was gone on with, oldest first. */
  readonly earlierStates: readonly StateChange[];
  /** Numbers reported through v1beta1. */
  readonly metrics: readonly RunMetric[];
}

export interface StateChange {
  readonly atMs: number;
  readonly state: RunState;
}

export interface RunMetric {
  readonly name: string;
  readonly nodeId: string;
  readonly value: number;
  readonly format: 'UNSPECIFIED' | 'RAW' | 'PERCENTAGE';
}

export interface CataloguedRun {
  readonly run: RunRow;
  readonly storageState: StorageState;
  readonly details: RunDetails;
}

export interface RecurringRunRow {
  readonly recurringRunId: string;
  readonly namespace: string;
  readonly experimentId: string;
  readonly name: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isEnabled: boolean;
  readonly maxConcurrency: number;
  readonly noCatchup: boolean;
  readonly trigger: Trigger;
  readonly pipelineId: string | null;
  readonly pipelineVersionId: string | null;
  readonly inlineSpecDigest: string | null;
  readonly parameters: JsonObject;
  readonly pipelineRoot: string;
  readonly serviceAccount: string;
  readonly pluginsInput: JsonObject;
  /** Runs it has started; the next has this number plus one. */
  readonly runsStarted: number;
  /** When the last of them was due; 0 before the first. */
  readonly lastDueAtMs: number;
  readonly error: string;
}

/** When a recurring run is due; times are epoch milliseconds, 0 is no bound. */
export type Trigger =
  | { readonly kind: 'once' }
  | { readonly kind: 'cron'; readonly cron: string; readonly startMs: number; readonly endMs: number }
  | { readonly kind: 'interval'; readonly intervalSeconds: number; readonly startMs: number; readonly endMs: number };

export interface ListSort {
  readonly field: string;
  /** Of `metrics`: which. The largest number of this name counts; runs without one come before all that have one. */
  readonly key?: string;
  readonly descending: boolean;
}

export interface ListQuery {
  readonly predicates: readonly Predicate[];
  readonly sort: ListSort;
  /** The sort value and id of the last row of the page before. */
  readonly after?: { readonly value: string | number; readonly id: string };
  readonly limit: number;
}

/**
 * All predicates of a query have to hold. `field` is one of LIST_FIELDS; of `tags`, `key` names the tag. A time is compared with
 * epoch seconds, in whole seconds: that is what a client was shown of it.
 */
export interface Predicate {
  readonly field: string;
  readonly key?: string;
  readonly operation: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'in' | 'notIn' | 'contains';
  /** `in` and `notIn` take any number, the others one. `contains` is a text and does not tell cases apart. */
  readonly values: readonly (string | number)[];
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Where the next page begins; absent on the last. */
  readonly next?: { readonly value: string | number; readonly id: string };
}

type FieldKinds = Readonly<Record<string, 'text' | 'time' | 'number' | 'tags' | 'metrics'>>;

/** What each list can be filtered by (not by metrics) and sorted by (not by tags); the first field is the id. */
export const LIST_FIELDS = {
  experiments: {
    experiment_id: 'text',
    name: 'text',
    description: 'text',
    created_at_ms: 'time',
    last_run_created_at_ms: 'time',
    namespace: 'text',
    storage_state: 'text',
  },
  pipelines: {
    pipeline_id: 'text',
    name: 'text',
    display_name: 'text',
    description: 'text',
    created_at_ms: 'time',
    namespace: 'text',
    tags: 'tags',
  },
  pipeline_versions: {
    pipeline_version_id: 'text',
    pipeline_id: 'text',
    name: 'text',
    display_name: 'text',
    description: 'text',
    created_at_ms: 'time',
    tags: 'tags',
  },
  runs: {
    run_id: 'text',
    display_name: 'text',
    description: 'text',
    created_at_ms: 'time',
    scheduled_at_ms: 'time',
    ended_at_ms: 'time',
    state: 'text',
    storage_state: 'text',
    experiment_id: 'text',
    recurring_run_id: 'text',
    namespace: 'text',
    pipeline_name: 'text',
    pipeline_id: 'text',
    pipeline_version_id: 'text',
    metrics: 'metrics',
  },
  recurring_runs: {
    recurring_run_id: 'text',
    name: 'text',
    description: 'text',
    created_at_ms: 'time',
    updated_at_ms: 'time',
    experiment_id: 'text',
    namespace: 'text',
    is_enabled: 'number',
  },
  artifacts: {
    artifact_id: 'text',
    name: 'text',
    type: 'text',
    uri: 'text',
    created_at_ms: 'time',
    run_id: 'text',
    pipeline_name: 'text',
    namespace: 'text',
  },
} as const satisfies Readonly<Record<string, FieldKinds>>;

export type ListName = keyof typeof LIST_FIELDS;

export interface CatalogueStore {
  /** A small fact of the installation, such as the id of the default experiment. */
  getSetting(name: string): Promise<string | undefined>;
  saveSetting(name: string, value: string): Promise<void>;

  insertExperiment(row: ExperimentRow): Promise<void>;
  getExperiment(experimentId: string): Promise<ExperimentRow | undefined>;
  findExperiment(name: { readonly namespace: string; readonly name: string }): Promise<ExperimentRow | undefined>;
  listExperiments(query: ListQuery): Promise<Page<ExperimentRow>>;
  /** With ARCHIVED, its runs are archived and its recurring runs disabled in the same transaction. */
  setExperimentStorage(
    experimentId: string,
    change: { readonly storageState: StorageState; readonly nowMs: number },
  ): Promise<void>;
  /** Runs stay, under the same id; its recurring runs are disabled. */
  deleteExperiment(experimentId: string, nowMs: number): Promise<void>;

  /** Both or nothing. */
  insertPipeline(row: PipelineRow, firstVersion?: PipelineVersionRow): Promise<void>;
  getPipeline(pipelineId: string): Promise<PipelineRow | undefined>;
  findPipeline(name: { readonly namespace: string; readonly name: string }): Promise<PipelineRow | undefined>;
  listPipelines(query: ListQuery): Promise<Page<PipelineRow>>;
  updatePipeline(row: PipelineRow): Promise<void>;
  /** With its versions. */
  deletePipeline(pipelineId: string): Promise<void>;

  /** Makes it the default version of its pipeline, too. */
  insertVersion(row: PipelineVersionRow): Promise<void>;
  getVersion(pipelineVersionId: string): Promise<PipelineVersionRow | undefined>;
  newestVersion(pipelineId: string): Promise<PipelineVersionRow | undefined>;
  listVersions(query: ListQuery): Promise<Page<PipelineVersionRow>>;
  updateVersion(row: PipelineVersionRow): Promise<void>;
  deleteVersion(pipelineVersionId: string): Promise<void>;

  /** Records what a run is asked for with, before the run is handed to the engine. Harmless when repeated. */
  prepareRun(details: RunDetails): Promise<void>;
  /** Puts a stored run where its details say. Also done for all that a crash left out when the database is opened. */
  placeRun(runId: string): Promise<void>;
  /** Puts runs that nobody prepared (`pipewright local`) and that have no experiment into this one. */
  adoptRuns(experimentId: string): Promise<void>;
  getCataloguedRun(runId: string): Promise<CataloguedRun | undefined>;
  listCataloguedRuns(query: ListQuery): Promise<Page<CataloguedRun>>;
  updateRunDetails(details: RunDetails): Promise<void>;
  setRunStorage(runId: string, storageState: StorageState): Promise<void>;
  /** The run with its tasks, attempts, events and lineage; artifacts stay, other runs may have taken them over. */
  deleteRun(runId: string): Promise<void>;
  /** How many runs of a recurring run are not final. */
  countActiveRuns(recurringRunId: string): Promise<number>;

  insertRecurringRun(row: RecurringRunRow): Promise<void>;
  getRecurringRun(recurringRunId: string): Promise<RecurringRunRow | undefined>;
  listRecurringRuns(query: ListQuery): Promise<Page<RecurringRunRow>>;
  enabledRecurringRuns(): Promise<readonly RecurringRunRow[]>;
  setRecurringRunEnabled(recurringRunId: string, change: { readonly isEnabled: boolean; readonly nowMs: number }): Promise<void>;
  /** What came of a tick; `error` is "" if it made its run. Nothing else changes. */
  recordTick(
    recurringRunId: string,
    tick: { readonly runsStarted: number; readonly lastDueAtMs: number; readonly error: string },
  ): Promise<void>;
  deleteRecurringRun(recurringRunId: string): Promise<void>;

  /** `type` is what ArtifactQuery.typeName is: the schema title, or the title of an instance schema. */
  listArtifacts(query: ListQuery): Promise<Page<ArtifactRow>>;
}
