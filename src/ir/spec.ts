/**
 * PipelineSpec in normal form: what `read` makes of every accepted document. Field names follow the proto's lowerCamel JSON
 * names (api/v2alpha1/pipeline_spec.proto); maps that may be absent in a document are always present here; enum numbers,
 * snake_case, int64 strings, durations and the 2.0.0 schema's older spellings are already translated.
 */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ArtifactType } from '../model/artifact.ts';

export type ParameterType =
  | 'NUMBER_DOUBLE'
  | 'NUMBER_INTEGER'
  | 'STRING'
  | 'BOOLEAN'
  | 'LIST'
  | 'STRUCT'
  | 'TASK_FINAL_STATUS'
  | 'TASK_CONFIG';

export interface PipelineSpec {
  readonly pipelineInfo: { readonly name: string; readonly displayName?: string; readonly description?: string };
  readonly schemaVersion: string;
  readonly sdkVersion?: string;
  readonly defaultPipelineRoot?: string;
  readonly root: ComponentSpec;
  readonly components: Readonly<Record<string, ComponentSpec>>;
  readonly executors: Readonly<Record<string, ExecutorSpec>>;
}

export interface ComponentSpec {
  readonly inputDefinitions: {
    readonly parameters: Readonly<Record<string, ParameterDefinition>>;
    readonly artifacts: Readonly<Record<string, InputArtifactDefinition>>;
  };
  readonly outputDefinitions: {
    readonly parameters: Readonly<Record<string, OutputParameterDefinition>>;
    readonly artifacts: Readonly<Record<string, OutputArtifactDefinition>>;
  };
  /** Exactly one of `dag` and `executorLabel` is present in a valid spec. */
  readonly dag?: DagSpec;
  readonly executorLabel?: string;
  readonly taskConfigPassthroughs: readonly { readonly field: TaskConfigField; readonly applyToTask: boolean }[];
}

export type TaskConfigField =
  | 'RESOURCES'
  | 'ENV'
  | 'KUBERNETES_AFFINITY'
  | 'KUBERNETES_TOLERATIONS'
  | 'KUBERNETES_NODE_SELECTOR'
  | 'KUBERNETES_VOLUMES';

export interface ParameterDefinition {
  readonly parameterType: ParameterType;
  readonly defaultValue?: JsonValue;
  readonly isOptional: boolean;
  readonly description?: string;
  readonly literals?: readonly JsonValue[];
}

export interface InputArtifactDefinition {
  readonly artifactType: ArtifactType;
  readonly isArtifactList: boolean;
  readonly isOptional: boolean;
  readonly description?: string;
}

export interface OutputParameterDefinition {
  readonly parameterType: ParameterType;
  readonly description?: string;
}

export interface OutputArtifactDefinition {
  readonly artifactType: ArtifactType;
  readonly metadata: JsonObject;
  readonly isArtifactList: boolean;
  readonly description?: string;
}

export interface DagSpec {
  /** Keyed by task key: the identity all references use. Order is the document's. */
  readonly tasks: Readonly<Record<string, TaskSpec>>;
  readonly outputs: {
    readonly parameters: Readonly<Record<string, DagOutputParameter>>;
    readonly artifacts: Readonly<Record<string, { readonly artifactSelectors: readonly ArtifactSelector[] }>>;
  };
}

export interface ParameterSelector {
  readonly producerSubtask: string;
  readonly outputParameterKey: string;
}

export interface ArtifactSelector {
  readonly producerSubtask: string;
  readonly outputArtifactKey: string;
}

export type DagOutputParameter =
  | { readonly kind: 'parameter'; readonly selector: ParameterSelector }
  | { readonly kind: 'oneof'; readonly selectors: readonly ParameterSelector[] };

export interface TaskSpec {
  /** Display name only (taskInfo.name). */
  readonly displayName?: string;
  readonly componentName: string;
  readonly inputs: {
    readonly parameters: Readonly<Record<string, ParameterSource>>;
    readonly artifacts: Readonly<Record<string, ArtifactSource>>;
  };
  readonly dependentTasks: readonly string[];
  /** `isStated`: caching is off because the document says so with empty options, not because it says nothing; written the same way. */
  readonly caching: { readonly enabled: boolean; readonly key?: string; readonly isStated?: true };
  readonly trigger: {
    readonly condition?: string;
    readonly strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED' | 'ALL_UPSTREAM_TASKS_COMPLETED';
  };
  readonly iterator?: TaskIterator;
  readonly retryPolicy?: RetryPolicy;
}

export type TaskIterator =
  | {
      readonly kind: 'parameter';
      readonly items:
        /** `text`: how the list was written, if not as we would write it. */
        | { readonly kind: 'raw'; readonly items: readonly JsonValue[]; readonly text?: string }
        | { readonly kind: 'input'; readonly inputParameter: string };
      readonly itemInput: string;
      /** Iterations running at once; 0 means no limit. */
      readonly parallelismLimit: number;
    }
  | { readonly kind: 'artifact'; readonly inputArtifact: string; readonly itemInput: string; readonly parallelismLimit: number };

export interface RetryPolicy {
  readonly maxRetryCount: number;
  readonly backoffMs: number;
  readonly backoffFactor: number;
  /** Whole window from the first attempt's start; 0 means no limit. */
  readonly backoffMaxMs: number;
}

/** Where a task's input parameter comes from; `selector` is the parameterExpressionSelector, applied to the value found. */
export type ParameterSource = (
  | { readonly kind: 'taskOutput'; readonly producerTask: string; readonly outputParameterKey: string }
  | { readonly kind: 'constant'; readonly value: JsonValue }
  | { readonly kind: 'runtimeParameter'; readonly name: string }
  | { readonly kind: 'componentInput'; readonly name: string }
  | { readonly kind: 'finalStatus'; readonly producerTask: string }
) & { readonly selector?: string };

export type ArtifactSource =
  | { readonly kind: 'taskOutput'; readonly producerTask: string; readonly outputArtifactKey: string }
  | { readonly kind: 'componentInput'; readonly name: string };

export type ExecutorSpec =
  | { readonly kind: 'container'; readonly container: ContainerSpec }
  | { readonly kind: 'importer'; readonly importer: ImporterSpec }
  | { readonly kind: 'resolver'; readonly resolver: ResolverSpec }
  /** Google Cloud only; kept so that the pipeline can be read and shown. */
  | { readonly kind: 'customJob'; readonly customJob: JsonObject };

export interface ContainerSpec {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources?: ResourceSpec;
}

/** Requests and limits as written: Kubernetes quantities ("500m", "2Gi"), plain numbers as text, or a `{{$…}}` placeholder. */
export interface ResourceSpec {
  readonly cpuLimit?: string;
  readonly cpuRequest?: string;
  readonly memoryLimit?: string;
  readonly memoryRequest?: string;
  readonly accelerator?: { readonly type: string; readonly count: string };
}

export interface ImporterSpec {
  readonly artifactUri:
    | { readonly kind: 'constant'; readonly value: string }
    | { readonly kind: 'runtimeParameter'; readonly name: string };
  readonly typeSchema: ArtifactType;
  readonly metadata: JsonObject;
  readonly reimport: boolean;
  readonly downloadToWorkspace: boolean;
}

export interface ResolverSpec {
  readonly outputArtifactQueries: Readonly<Record<string, { readonly filter: string; readonly limit: number }>>;
}

/** The second document: settings of the `kubernetes` platform, keyed by executor label, as written (camelCase JSON names). */
export interface PlatformSpec {
  readonly executors: Readonly<Record<string, JsonObject>>;
  readonly pipelineConfig: JsonObject;
}

/** What `read` returns for a usable document of any accepted form. */
export interface PipelineDocument {
  readonly spec: PipelineSpec;
  readonly platform: PlatformSpec;
  /** Arguments a PipelineJob carries in its runtimeConfig; a run's own arguments win over them. */
  readonly defaultArguments: JsonObject;
  /** `runtimeConfig.gcsOutputDirectory` of a PipelineJob. */
  readonly pipelineRoot?: string;
}
