/**
 * The messages of a pipeline document and all their fields: the single list of the IR fields we know. Names, kinds and enum
 * numbers are those of KFP's api/v2alpha1/pipeline_spec.proto, schema 2.0.0 and 2.1.0 together.
 */
import {
  anyValue,
  boolean,
  type Decoder,
  double,
  durationMs,
  enumOf,
  integer,
  lenient,
  listOf,
  mapOf,
  message,
  string,
  struct,
} from './decoder.ts';

const parameterType = enumOf(
  { NUMBER_DOUBLE: 1, NUMBER_INTEGER: 2, STRING: 3, BOOLEAN: 4, LIST: 5, STRUCT: 6, TASK_FINAL_STATUS: 7, TASK_CONFIG: 8 },
  'PARAMETER_TYPE_ENUM_UNSPECIFIED',
);

/** What 2.0.0 called a parameter's type. */
const primitiveType = enumOf({ INT: 1, DOUBLE: 2, STRING: 3 }, 'PRIMITIVE_TYPE_UNSPECIFIED');

/** A value as 2.0.0 writes it. */
export const typedValue = message(
  { intValue: integer, doubleValue: double, stringValue: string },
  { oneofs: [['intValue', 'doubleValue', 'stringValue']] },
);

export const valueOrRuntimeParameter = message(
  { constant: anyValue, constantValue: typedValue, runtimeParameter: string },
  { oneofs: [['constant', 'constantValue', 'runtimeParameter']] },
);

export const artifactType = message(
  { schemaTitle: string, schemaUri: string, instanceSchema: string, schemaVersion: string },
  { oneofs: [['schemaTitle', 'schemaUri', 'instanceSchema']] },
);

export const inputParameter = message({
  type: primitiveType,
  parameterType,
  defaultValue: anyValue,
  isOptional: boolean,
  description: string,
  literals: listOf(anyValue),
});

export const inputArtifact = message({ artifactType, isArtifactList: boolean, isOptional: boolean, description: string });

export const outputParameter = message({ type: primitiveType, parameterType, description: string });

export const outputArtifact = message({
  artifactType,
  properties: mapOf(valueOrRuntimeParameter),
  customProperties: mapOf(valueOrRuntimeParameter),
  metadata: struct,
  isArtifactList: boolean,
  description: string,
});

const parameterSelector = message({ producerSubtask: string, outputParameterKey: string });
const artifactSelector = message({ producerSubtask: string, outputArtifactKey: string });

export const dagOutputs = message({
  artifacts: mapOf(message({ artifactSelectors: listOf(artifactSelector) })),
  parameters: mapOf(
    message(
      { valueFromParameter: parameterSelector, valueFromOneof: message({ parameterSelectors: listOf(parameterSelector) }) },
      { oneofs: [['valueFromParameter', 'valueFromOneof']] },
    ),
  ),
});

export const taskParameter = message(
  {
    taskOutputParameter: message({ producerTask: string, outputParameterKey: string }),
    runtimeValue: valueOrRuntimeParameter,
    componentInputParameter: string,
    taskFinalStatus: message({ producerTask: string }),
    parameterExpressionSelector: string,
  },
  { oneofs: [['taskOutputParameter', 'runtimeValue', 'componentInputParameter', 'taskFinalStatus']] },
);

export const taskArtifact = message(
  { taskOutputArtifact: message({ producerTask: string, outputArtifactKey: string }), componentInputArtifact: string },
  { oneofs: [['taskOutputArtifact', 'componentInputArtifact']] },
);

const strategy = enumOf({ ALL_UPSTREAM_TASKS_SUCCEEDED: 1, ALL_UPSTREAM_TASKS_COMPLETED: 2 }, 'TRIGGER_STRATEGY_UNSPECIFIED');

export const retryPolicy = message({
  maxRetryCount: integer,
  backoffDuration: durationMs,
  backoffFactor: double,
  backoffMaxDuration: durationMs,
});

export const task = message(
  {
    taskInfo: message({ name: string }),
    inputs: message({ parameters: mapOf(taskParameter), artifacts: mapOf(taskArtifact) }),
    dependentTasks: listOf(string),
    cachingOptions: message({ enableCache: boolean, cacheKey: string }),
    componentRef: message({ name: string }),
    triggerPolicy: message({ condition: string, strategy }),
    artifactIterator: message({ items: message({ inputArtifact: string }), itemInput: string }),
    parameterIterator: message({
      items: message({ raw: string, inputParameter: string }, { oneofs: [['raw', 'inputParameter']] }),
      itemInput: string,
    }),
    retryPolicy,
    iteratorPolicy: message({ parallelismLimit: integer }),
  },
  { oneofs: [['artifactIterator', 'parameterIterator']] },
);

const taskConfigField = enumOf(
  { RESOURCES: 1, ENV: 2, KUBERNETES_AFFINITY: 3, KUBERNETES_TOLERATIONS: 4, KUBERNETES_NODE_SELECTOR: 5, KUBERNETES_VOLUMES: 6 },
  'NONE',
);

export const component = message(
  {
    inputDefinitions: message({ parameters: mapOf(inputParameter), artifacts: mapOf(inputArtifact) }),
    outputDefinitions: message({ parameters: mapOf(outputParameter), artifacts: mapOf(outputArtifact) }),
    dag: message({ tasks: mapOf(task), outputs: dagOutputs }),
    executorLabel: string,
    /** Vertex AI only. */
    singlePlatformSpecs: listOf(struct),
    taskConfigPassthroughs: listOf(message({ field: taskConfigField, applyToTask: boolean })),
  },
  { oneofs: [['dag', 'executorLabel']] },
);

const programHook = message({ command: listOf(string), args: listOf(string) });

export const container = message({
  image: string,
  command: listOf(string),
  args: listOf(string),
  lifecycle: message({ preCacheCheck: programHook }),
  resources: message({
    cpuLimit: double,
    memoryLimit: double,
    cpuRequest: double,
    memoryRequest: double,
    resourceCpuLimit: string,
    resourceMemoryLimit: string,
    resourceCpuRequest: string,
    resourceMemoryRequest: string,
    accelerator: message({ type: string, count: integer, resourceType: string, resourceCount: string }),
  }),
  env: listOf(message({ name: string, value: string })),
});

export const importer = message({
  artifactUri: valueOrRuntimeParameter,
  typeSchema: artifactType,
  properties: mapOf(valueOrRuntimeParameter),
  customProperties: mapOf(valueOrRuntimeParameter),
  metadata: struct,
  reimport: boolean,
  downloadToWorkspace: boolean,
});

export const executor = message(
  {
    container,
    importer,
    resolver: message({ outputArtifactQueries: mapOf(message({ filter: string, limit: integer })) }),
    customJob: message({ customJob: struct }),
  },
  { oneofs: [['container', 'importer', 'resolver', 'customJob']] },
);

export const pipelineSpec = message({
  pipelineInfo: message({ name: string, displayName: string, description: string }),
  deploymentSpec: lenient(message({ executors: mapOf(executor) })),
  sdkVersion: string,
  schemaVersion: string,
  components: mapOf(component),
  root: component,
  defaultPipelineRoot: string,
});

/** A run of Vertex AI, which TFX and kfp 1.8 write: a pipeline with its arguments. `platformSpec` is ours, for keeping all in one. */
export const pipelineJob = message({
  platformSpec: struct,
  name: string,
  displayName: string,
  labels: mapOf(string),
  pipelineSpec: struct,
  runtimeConfig: message({ parameters: mapOf(typedValue), gcsOutputDirectory: string, parameterValues: mapOf(anyValue) }),
});

/** The second document: what is said about one platform. Its executors' settings are kept as they are. */
export const platformSpec = message({
  platforms: mapOf(
    message({
      deploymentSpec: message({ executors: mapOf(struct) }),
      platform: string,
      config: struct,
      pipelineConfig: struct,
    }),
  ),
});

type Wire<D> = D extends Decoder<infer T> ? T : never;
export type WireTask = Wire<typeof task>;
export type WireComponent = Wire<typeof component>;
export type WireExecutor = Wire<typeof executor>;
export type WirePipelineSpec = Wire<typeof pipelineSpec>;
export type WireTypedValue = Wire<typeof typedValue>;
export type WireValue = Wire<typeof valueOrRuntimeParameter>;
export type WireArtifactType = Wire<typeof artifactType>;
