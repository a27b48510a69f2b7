/** The proto-JSON of a pipeline in normal form, as KFP's compiler lays it out: fields that say nothing are left out. */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ArtifactType } from '../model/artifact.ts';
import type {
  ArtifactSource,
  ComponentSpec,
  DagSpec,
  ExecutorSpec,
  InputArtifactDefinition,
  OutputArtifactDefinition,
  ParameterDefinition,
  ParameterSource,
  PipelineSpec,
  PlatformSpec,
  ResourceSpec,
  TaskIterator,
  TaskSpec,
} from './spec.ts';
import { parseQuantity, valueToText } from './values.ts';

/** What differs between texts for machines and for people. */
export interface WireStyle {
  /** Applied to every value of a google.protobuf.Value, whose numbers are doubles. */
  readonly value: (value: JsonValue) => JsonValue;
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

/** Without the members that are undefined. */
function compact(members: Members): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}

function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

function mapObject<T>(record: Readonly<Record<string, T>>, map: (value: T) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

export function wirePipeline(spec: PipelineSpec, style: WireStyle): JsonObject {
  return compact({
    components: nonEmpty(mapObject(spec.components, (component) => wireComponent(component, style))),
    defaultPipelineRoot: spec.defaultPipelineRoot,
    deploymentSpec: { executors: mapObject(spec.executors, (executor) => wireExecutor(executor, style)) },
    pipelineInfo: compact({ ...spec.pipelineInfo }),
    root: wireComponent(spec.root, style),
    schemaVersion: spec.schemaVersion,
    sdkVersion: spec.sdkVersion,
  });
}

/** Undefined if nothing is said about the platform. */
export function wirePlatform({ executors, pipelineConfig }: PlatformSpec): JsonObject | undefined {
  const kubernetes = compact({
    deploymentSpec: nonEmpty(executors) && { executors },
    pipelineConfig: nonEmpty(pipelineConfig),
  });
  return nonEmpty(kubernetes) && { platforms: { kubernetes } };
}

function wireComponent(component: ComponentSpec, style: WireStyle): JsonObject {
  const { inputDefinitions: inputs, outputDefinitions: outputs } = component;
  return compact({
    inputDefinitions: nonEmpty(
      compact({
        artifacts: nonEmpty(mapObject(inputs.artifacts, wireInputArtifact)),
        parameters: nonEmpty(mapObject(inputs.parameters, (definition) => wireInputParameter(definition, style))),
      }),
    ),
    outputDefinitions: nonEmpty(
      compact({
        artifacts: nonEmpty(mapObject(outputs.artifacts, (definition) => wireOutputArtifact(definition, style))),
        parameters: nonEmpty(mapObject(outputs.parameters, (definition) => ({ ...definition }))),
      }),
    ),
    dag: component.dag && wireDag(component.dag, style),
    executorLabel: component.executorLabel,
    taskConfigPassthroughs: nonEmpty(
      component.taskConfigPassthroughs.map(({ field, applyToTask }) => (applyToTask ? { field, applyToTask } : { field })),
    ),
  });
}

const wireType = (type: ArtifactType): JsonObject => ({ ...type }) as JsonObject;
const ifTrue = (value: boolean): true | undefined => (value ? true : undefined);

function wireInputParameter(definition: ParameterDefinition, { value }: WireStyle): JsonObject {
  const { defaultValue, description, isOptional, literals, parameterType } = definition;
  return compact({
    defaultValue: defaultValue === undefined ? undefined : value(defaultValue),
    description,
    isOptional: ifTrue(isOptional),
    literals: literals?.map(value),
    parameterType,
  });
}

function wireInputArtifact({ artifactType, description, isArtifactList, isOptional }: InputArtifactDefinition): JsonObject {
  return compact({
    artifactType: wireType(artifactType),
    description,
    isArtifactList: ifTrue(isArtifactList),
    isOptional: ifTrue(isOptional),
  });
}

function wireOutputArtifact(definition: OutputArtifactDefinition, { value }: WireStyle): JsonObject {
  const { artifactType, description, isArtifactList, metadata } = definition;
  return compact({
    artifactType: wireType(artifactType),
    description,
    isArtifactList: ifTrue(isArtifactList),
    metadata: nonEmpty(metadata) && value(metadata),
  });
}

function wireDag({ tasks, outputs }: DagSpec, style: WireStyle): JsonObject {
  const parameters = mapObject(outputs.parameters, (output) =>
    output.kind === 'parameter'
      ? { valueFromParameter: { ...output.selector } }
      : { valueFromOneof: { parameterSelectors: output.selectors.map((selector) => ({ ...selector })) } },
  );
  const artifacts = mapObject(outputs.artifacts, ({ artifactSelectors }) => ({
    artifactSelectors: artifactSelectors.map((selector) => ({ ...selector })),
  }));
  return compact({
    outputs: nonEmpty(compact({ artifacts: nonEmpty(artifacts), parameters: nonEmpty(parameters) })),
    tasks: mapObject(tasks, (task) => wireTask(task, style)),
  });
}

function wireTask(task: TaskSpec, style: WireStyle): JsonObject {
  const { inputs, iterator, retryPolicy, trigger } = task;
  return compact({
    ...(iterator ? wireIterator(iterator) : {}),
    cachingOptions: nonEmpty(compact({ cacheKey: task.caching.key, enableCache: ifTrue(task.caching.enabled) })),
    componentRef: { name: task.componentName },
    dependentTasks: nonEmpty(task.dependentTasks),
    inputs: nonEmpty(
      compact({
        artifacts: nonEmpty(mapObject(inputs.artifacts, wireArtifactSource)),
        parameters: nonEmpty(mapObject(inputs.parameters, (source) => wireParameterSource(source, style))),
      }),
    ),
    iteratorPolicy: iterator?.parallelismLimit ? { parallelismLimit: iterator.parallelismLimit } : undefined,
    retryPolicy: retryPolicy && {
      backoffDuration: seconds(retryPolicy.backoffMs),
      backoffFactor: style.value(retryPolicy.backoffFactor),
      backoffMaxDuration: seconds(retryPolicy.backoffMaxMs),
      maxRetryCount: retryPolicy.maxRetryCount,
    },
    taskInfo: task.displayName === undefined ? undefined : { name: task.displayName },
    triggerPolicy: nonEmpty(
      compact({
        condition: trigger.condition,
        strategy: trigger.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED' ? trigger.strategy : undefined,
      }),
    ),
  });
}

const seconds = (ms: number): string => `${valueToText(ms / 1000)}s`;

function wireIterator(iterator: TaskIterator): JsonObject {
  const { itemInput } = iterator;
  if (iterator.kind === 'artifact') return { artifactIterator: { itemInput, items: { inputArtifact: iterator.inputArtifact } } };
  const { items } = iterator;
  const wireItems = items.kind === 'raw' ? { raw: JSON.stringify(items.items) } : { inputParameter: items.inputParameter };
  return { parameterIterator: { itemInput, items: wireItems } };
}

function wireParameterSource(source: ParameterSource, style: WireStyle): JsonObject {
  return compact({ ...wireSource(source, style), parameterExpressionSelector: source.selector });
}

function wireSource(source: ParameterSource, { value }: WireStyle): JsonObject {
  switch (source.kind) {
    case 'taskOutput':
      return { taskOutputParameter: { outputParameterKey: source.outputParameterKey, producerTask: source.producerTask } };
    case 'constant':
      return { runtimeValue: { constant: value(source.value) } };
    case 'runtimeParameter':
      return { runtimeValue: { runtimeParameter: source.name } };
    case 'componentInput':
      return { componentInputParameter: source.name };
    case 'finalStatus':
      return { taskFinalStatus: { producerTask: source.producerTask } };
  }
}

function wireArtifactSource(source: ArtifactSource): JsonObject {
  if (source.kind === 'componentInput') return { componentInputArtifact: source.name };
  return { taskOutputArtifact: { outputArtifactKey: source.outputArtifactKey, producerTask: source.producerTask } };
}

function wireExecutor(executor: ExecutorSpec, style: WireStyle): JsonObject {
  switch (executor.kind) {
    case 'container': {
      const { args, command, env, image, resources } = executor.container;
      return {
        container: compact({
          args: nonEmpty(args),
          command: nonEmpty(command),
          env: nonEmpty(env.map((variable) => ({ ...variable }))),
          image,
          resources: resources && wireResources(resources, style),
        }),
      };
    }
    case 'importer': {
      const { artifactUri, typeSchema, metadata, reimport, downloadToWorkspace } = executor.importer;
      const uri: JsonObject =
        artifactUri.kind === 'constant' ? { constant: artifactUri.value } : { runtimeParameter: artifactUri.name };
      return {
        importer: compact({
          artifactUri: uri,
          downloadToWorkspace: ifTrue(downloadToWorkspace),
          metadata: nonEmpty(metadata) && style.value(metadata),
          reimport: ifTrue(reimport),
          typeSchema: wireType(typeSchema),
        }),
      };
    }
    case 'resolver':
      return {
        resolver: { outputArtifactQueries: mapObject(executor.resolver.outputArtifactQueries, (query) => ({ ...query })) },
      };
    case 'customJob':
      return { customJob: { customJob: executor.customJob } };
  }
}

const GIGABYTE = 1e9;

/** Both spellings, as the SDK writes them: the texts, and for older back ends the numbers where there are any. */
function wireResources(resources: ResourceSpec, { value }: WireStyle): JsonObject {
  const { accelerator, cpuLimit, cpuRequest, memoryLimit, memoryRequest } = resources;
  const amount = (text: string | undefined, unit: number): JsonValue | undefined => {
    const quantity = text === undefined ? undefined : parseQuantity(text);
    return quantity ? value(quantity / unit) : undefined;
  };
  const digits = accelerator && /^\d+$/.test(accelerator.count);
  return compact({
    accelerator:
      accelerator &&
      compact({
        count: digits ? accelerator.count : undefined,
        resourceCount: accelerator.count,
        resourceType: accelerator.type,
        type: digits ? accelerator.type : undefined,
      }),
    cpuLimit: amount(cpuLimit, 1),
    cpuRequest: amount(cpuRequest, 1),
    memoryLimit: amount(memoryLimit, GIGABYTE),
    memoryRequest: amount(memoryRequest, GIGABYTE),
    resourceCpuLimit: cpuLimit,
    resourceCpuRequest: cpuRequest,
    resourceMemoryLimit: memoryLimit,
    resourceMemoryRequest: memoryRequest,
  });
}
