/** The proto-JSON of a pipeline in normal form, as KFP's compiler lays it out: fields that say nothing are left out. */
import type { JsonObject } from '../base/json.ts';
import type {
  ComponentSpec,
  DagSpec,
  InputArtifactDefinition,
  OutputArtifactDefinition,
  ParameterDefinition,
  PipelineSpec,
  PlatformSpec,
} from './spec.ts';
import { compact, ifTrue, mapObject, nonEmpty, wireType, type WireStyle } from './wire-members.ts';
import { wireExecutor } from './write-executor.ts';
import { wireTask } from './write-task.ts';

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
