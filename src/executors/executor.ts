/**
 * The executor contract: where steps run. One suite (test/contract/executor.contract.ts) runs against every implementation;
 * what differs is in the table of capabilities (capabilities.ts).
 *
 * I1. `launch` may be called twice for one attempt (before and after a crash): the step still runs at most once.
 * I2. Every launched attempt is observed `finished` exactly once per process lifetime, also when the step started before a restart.
 * I3. `cancel` ends the whole process tree or container and is followed by `finished` with outcome `canceled`
 *     (unless the step ended by itself first). Cancelling what is unknown or finished is harmless.
 * I4. An executor never throws for something the step or the user did: it is observed as an outcome.
 */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ParameterType } from '../ir/spec.ts';
import type { Artifact, ArtifactType } from '../model/artifact.ts';
import type { AttemptOutcome, TaskError } from '../model/outcome.ts';
import type { Placement } from '../model/placement.ts';

export interface Executor {
  readonly name: string;
  readonly capabilities: ExecutorCapabilities;
  capacity(): Capacity;
  /** Must be called once, before the first launch; `observe` is called for every observation from then on. */
  start(observe: (observation: Observation) => void): Promise<void>;
  /** Prepares, starts and watches one attempt. Returns at once; what happens is observed. */
  launch(launch: TaskLaunch): void;
  /** After a restart: adopts the attempt if it was started, launches it if it never was. */
  reattach(launch: TaskLaunch): void;
  cancel(attemptId: string): void;
  /** Lets go of resources. Running steps go on and can be adopted by a later process, unless `cancelRunning`. Default: false. */
  stop(options?: { readonly cancelRunning?: boolean }): Promise<void>;
}

/** The table of what each executor has: capabilities.ts. */
export interface ExecutorCapabilities {
  /** Steps really run; without it, every step succeeds at once with zero values of its declared types. */
  readonly runsPrograms: boolean;
  /** A step sees all files of this machine. */
  readonly sharesFiles: boolean;
  /** Nothing of a step outlives it; without it, programs do that have left its session (`setsid`), unless it is cancelled. */
  readonly endsDaemons: boolean;
  /** Runs images; without it, steps run the host's programs. */
  readonly images: boolean;
  /** A limit beyond the machine and a kind of accelerator nothing is known of fail the step (true) or are met as far as possible, with a warning (false). */
  readonly strictResources: boolean;
  /** Steps go on while the server is down and are adopted when it is back. */
  readonly survivesRestart: boolean;
}

export interface Capacity {
  /** Steps running at once. */
  readonly slots: number;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly accelerators: Readonly<Record<string, number>>;
  /** Their indexes on the machine, by type. Default: they are counted from 0. */
  readonly devices?: Readonly<Record<string, readonly number[]>>;
}

/** A part of the capacity with a name of its own, as a node of a cluster: what selectors, affinities and tolerations are about. */
export interface NodePool {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly accelerators: Readonly<Record<string, number>>;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export type Observation =
  | {
      readonly kind: 'finished';
      readonly attemptId: string;
      readonly outcome: AttemptOutcome;
      readonly startedAtMs: number;
      readonly endedAtMs: number;
    }
  /** Something worth showing while the step is prepared or runs ("building the Python environment …"); not recorded as state. */
  | { readonly kind: 'note'; readonly attemptId: string; readonly message: string; readonly severity: 'info' | 'warning' };

/** Everything an executor needs to run one attempt of a task; plain data, the same for every executor. */
export interface TaskLaunch {
  /** `<taskId>.<attempt>`; safe as a file name. */
  readonly attemptId: string;
  readonly runId: string;
  /** `<runId>.<n>`, unique in the installation; safe as a file name. */
  readonly taskId: string;
  /** UUID derived from the task id: names the task's artifact folder and answers `{{$.pipeline_task_uuid}}`. */
  readonly taskUuid: string;
  /** 0 for the first attempt. */
  readonly attempt: number;
  /** The key of the task in its DAG, and its path in the run: `/for-loop-1[0]/train`. */
  readonly taskKey: string;
  readonly path: string;
  readonly run: RunFacts;
  readonly image: string;
  /** Templates: placeholders are resolved by the launcher, which knows the executor's paths. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Whether a retry policy applies: `KFP_RETRY_INDEX` is set only then. */
  readonly hasRetryPolicy: boolean;
  readonly inputs: {
    /** With component defaults filled in; absent optional inputs are left out. */
    readonly parameters: Readonly<Record<string, JsonValue>>;
    readonly artifacts: Readonly<Record<string, readonly Artifact[]>>;
  };
  readonly outputs: {
    readonly parameters: Readonly<Record<string, ParameterType>>;
    /** Planned artifacts; `uri` is where the step must write. */
    readonly artifacts: Readonly<Record<string, PlannedArtifact>>;
  };
  /** URI of the folder of this task's outputs: `<pipeline root>/<pipeline>/<run>/<task key>/<task uuid>`. */
  readonly taskRoot: string;
  readonly resources: ResourceRequest;
  /** The node and the accelerators that were assigned to this attempt; absent if nothing was. */
  readonly placement?: Placement;
  readonly platform: LaunchPlatform;
  /** Killed and failed with cause `timeout` when it runs longer, counted from its start. */
  readonly timeoutMs?: number;
}

export interface RunFacts {
  /** pipelineInfo.name */
  readonly pipelineName: string;
  /** Display name of the run: `{{$.pipeline_job_name}}`. */
  readonly displayName: string;
  /** `{{$.pipeline_job_resource_name}}` */
  readonly resourceName: string;
  readonly pipelineRoot: string;
  readonly createdAtMs: number;
  /** When a recurring run was due; else the creation time. */
  readonly scheduledAtMs: number;
  /** `{{$.pipeline_google_cloud_location}}` and `…project_id}}`; default "". */
  readonly googleCloudLocation?: string;
  readonly googleCloudProjectId?: string;
}

export interface PlannedArtifact {
  readonly id: string;
  readonly name: string;
  readonly uri: string;
  readonly type: ArtifactType;
  readonly metadata: JsonObject;
}

/** Resolved numbers; absent means the step asked for nothing. */
export interface ResourceRequest {
  readonly cpuMillis?: number;
  readonly cpuLimitMillis?: number;
  readonly memoryBytes?: number;
  readonly memoryLimitBytes?: number;
  readonly accelerator?: { readonly type: string; readonly count: number };
}

/** The platform spec's settings of this step with every name resolved; features without a value are absent. */
export interface LaunchPlatform {
  readonly mounts: readonly LaunchMount[];
  readonly secretEnv: readonly {
    readonly source: 'secret' | 'configMap';
    readonly name: string;
    readonly key: string;
    readonly envVar: string;
    readonly optional: boolean;
  }[];
  /** Env vars whose value is a fact about the pod: `metadata.name`, `metadata.labels['x']`, `spec.nodeName` … */
  readonly fieldPathEnv: readonly { readonly name: string; readonly fieldPath: string }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly JsonObject[];
  /** Entries of `nodeAffinity`, or the `nodeAffinity` of a pod where the SDK was given JSON. */
  readonly nodeAffinity?: readonly JsonObject[];
  readonly imagePullPolicy?: 'Always' | 'Never' | 'IfNotPresent';
  readonly imagePullSecrets: readonly string[];
  readonly securityContext?: { readonly runAsUser?: number; readonly runAsGroup?: number; readonly runAsNonRoot?: boolean };
  readonly sharedMemoryBytes?: number;
  /** In the order they are started. */
  readonly initContainers: readonly LaunchInitContainer[];
  /** The step uses the run's workspace, mounted at /kfp-workspace. */
  readonly workspace: boolean;
}

/** A container that runs before the step's program, or beside it. As it is written: nothing has checked it. */
export interface LaunchInitContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Volumes of the step: of a claim, a secret or a config map the name is its own. */
  readonly volumeMounts: readonly { readonly volumeName: string; readonly mountPath: string }[];
  /** `Always`: a sidecar, which goes on while the program runs. Empty: it ends before the next is started. */
  readonly restartPolicy: string;
  readonly resources: ResourceRequest;
}

export type LaunchMount =
  | { readonly kind: 'pvc'; readonly name: string; readonly mountPath: string; readonly subPath?: string }
  | { readonly kind: 'secret' | 'configMap'; readonly name: string; readonly mountPath: string; readonly optional: boolean }
  | {
      readonly kind: 'emptyDir' | 'ephemeral';
      readonly name: string;
      readonly mountPath: string;
      readonly medium?: 'Memory';
      readonly sizeBytes?: number;
    };

export type LaunchFailure = TaskError;
