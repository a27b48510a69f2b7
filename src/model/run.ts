import type { JsonObject } from '../base/json.ts';
import type { Artifact } from './artifact.ts';
import type { TaskError } from './outcome.ts';
import type { Placement } from './placement.ts';
import type { RunState, TaskState } from './states.ts';

/** What a run was started with; never changes afterwards. */
export interface RunDefinition {
  readonly runId: string;
  /** Groups cache entries and access; `default` on an installation without namespaces. */
  readonly namespace: string;
  readonly displayName: string;
  readonly pipelineName: string;
  /** SHA-256 (hex) of the stored pipeline document. */
  readonly documentDigest: string;
  /** As given, before defaults. */
  readonly arguments: JsonObject;
  readonly pipelineRoot: string;
  readonly settings: RunSettings;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  readonly clonedFromRunId?: string;
}

export interface RunSettings {
  /** `false`: no task of the run looks into the cache. `true`/absent: as the pipeline says. */
  readonly useCache?: boolean;
  /** Steps of runs with a larger number start before others while the machine is full. Default: 0. */
  readonly priority?: number;
  /** Words of PipelineTaskFinalStatus.state: what MLMD says (COMPLETE, the default) or what the SDK documents (SUCCEEDED). */
  readonly finalStatusWords?: 'mlmd' | 'documented';
  /** What `$.pipeline_google_cloud_location` and `…project_id` resolve to. Default: "". */
  readonly googleCloudLocation?: string;
  readonly googleCloudProjectId?: string;
  /** Root artifact inputs, by name (an extension of KFP's run API). */
  readonly inputArtifacts?: Readonly<
    Record<string, { readonly uri: string; readonly type?: string; readonly metadata?: JsonObject }>
  >;
}

/** A run as it is shown: the definition plus where it stands. */
export interface RunRow extends RunDefinition {
  readonly state: RunState;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly error?: TaskError;
  /** Outputs of the root component, once the run is final. */
  readonly outputs?: { readonly parameters: JsonObject; readonly artifacts: Readonly<Record<string, readonly Artifact[]>> };
}

export type TaskKind = 'container' | 'importer' | 'resolver' | 'volume' | 'dag' | 'loop' | 'suspend';

/** One task instance of a run: a leaf, a DAG, a loop, or one iteration of a loop. */
export interface TaskRow {
  readonly runId: string;
  /** Number within the run, in order of creation; the root DAG is 0. */
  readonly task: number;
  readonly parentTask: number | null;
  /** Task key in its DAG (the map key of the spec). */
  readonly key: string;
  readonly displayName: string;
  /** `/for-loop-1[0]/train`; the root is `/`. */
  readonly path: string;
  readonly kind: TaskKind;
  readonly iteration: number | null;
  readonly state: TaskState;
  /** Why it is SKIPPED, waits, or was not taken from the cache; a sentence. */
  readonly stateReason: string | null;
  readonly error: TaskError | null;
  readonly attempts: number;
  readonly cacheKey: string | null;
  /** `<run id>.<n>` of the execution whose outputs were taken over. */
  readonly cachedFromTaskId: string | null;
  readonly inputs: TaskValues | null;
  readonly outputs: TaskValues | null;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Of a loop: how many iterations it has in the end; their rows come one after the other. */
  readonly iterationCount?: number;
  /** Where its latest attempt was placed. */
  readonly placement?: Placement;
}

export interface TaskValues {
  readonly parameters: JsonObject;
  readonly artifacts: Readonly<Record<string, readonly Artifact[]>>;
}

export interface AttemptRow {
  readonly runId: string;
  readonly task: number;
  /** 0 for the first. */
  readonly attempt: number;
  readonly state: TaskState;
  readonly error: TaskError | null;
  readonly launchedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly cpuMs: number | null;
  readonly peakMemoryBytes: number | null;
  readonly placement?: Placement;
}

/** An artifact's record. The same record serves every execution that read it or took it from the cache. */
export interface ArtifactRow extends Artifact {
  readonly namespace: string;
  readonly pipelineName: string;
  readonly runId: string;
  readonly task: number;
  readonly sizeBytes: number | null;
  readonly createdAtMs: number;
}

/** Lineage: which execution read or wrote which artifact, under which of its names. */
export interface LineageRow {
  readonly runId: string;
  readonly task: number;
  readonly artifactId: string;
  readonly direction: 'input' | 'output';
  readonly name: string;
  /** Position in a list of artifacts; 0 for a single one. */
  readonly position: number;
}
