/** ComponentSpec from its wire form. */
import type { Path, ProblemList } from '../problem-list.ts';
import type { ComponentSpec, DagSpec, ParameterDefinition } from '../spec.ts';
import type { WireComponent } from './pipeline-messages.ts';
import { taskSpec } from './task-spec.ts';
import { artifactTypeOf, mapRecord, mergedMetadata, optional, parameterTypeOf } from './wire-values.ts';

type WireDag = NonNullable<WireComponent['dag']>;
type WireInputParameter = NonNullable<NonNullable<WireComponent['inputDefinitions']>['parameters']>[string];

export function componentSpec(wire: WireComponent, path: Path, problems: ProblemList): ComponentSpec {
  const inputs = wire.inputDefinitions ?? {};
  const outputs = wire.outputDefinitions ?? {};
  return {
    inputDefinitions: {
      parameters: mapRecord(inputs.parameters, (parameter, name) =>
        inputParameter(parameter, [...path, 'inputDefinitions', 'parameters', name], problems),
      ),
      artifacts: mapRecord(inputs.artifacts, (artifact) => ({
        artifactType: artifactTypeOf(artifact.artifactType),
        isArtifactList: artifact.isArtifactList ?? false,
        isOptional: artifact.isOptional ?? false,
        ...optional('description', artifact.description),
      })),
    },
    outputDefinitions: {
      parameters: mapRecord(outputs.parameters, (parameter, name) => {
        const parameterType = parameterTypeOf(parameter);
        if (!parameterType) return untyped([...path, 'outputDefinitions', 'parameters', name], problems);
        return { parameterType, ...optional('description', parameter.description) };
      }),
      artifacts: mapRecord(outputs.artifacts, (artifact) => ({
        artifactType: artifactTypeOf(artifact.artifactType),
        metadata: mergedMetadata(artifact),
        isArtifactList: artifact.isArtifactList ?? false,
        ...optional('description', artifact.description),
      })),
    },
    ...(wire.dag ? { dag: dagSpec(wire.dag, [...path, 'dag'], problems) } : {}),
    ...optional('executorLabel', wire.executorLabel),
    taskConfigPassthroughs: (wire.taskConfigPassthroughs ?? []).flatMap(({ field, applyToTask }) =>
      field ? [{ field, applyToTask: applyToTask ?? false }] : [],
    ),
  };
}

function inputParameter(wire: WireInputParameter, path: Path, problems: ProblemList): ParameterDefinition | undefined {
  const parameterType = parameterTypeOf(wire);
  if (!parameterType) return untyped(path, problems);
  const { defaultValue, description, literals } = wire;
  // A default of null is no default: the step sees the same either way.
  const isOptional = (wire.isOptional ?? false) || defaultValue === null;
  return {
    parameterType,
    ...(defaultValue === undefined || defaultValue === null ? {} : { defaultValue }),
    isOptional,
    ...optional('description', description),
    ...(literals?.length ? { literals } : {}),
  };
}

function untyped(path: Path, problems: ProblemList): undefined {
  problems.add(path, `${path.at(-1)} has unspecified type`, { hint: 'Give a parameterType, such as STRING or NUMBER_INTEGER.' });
  return undefined;
}

function dagSpec(wire: WireDag, path: Path, problems: ProblemList): DagSpec {
  const outputs = wire.outputs ?? {};
  return {
    tasks: mapRecord(wire.tasks, (task, key) => taskSpec(task, [...path, 'tasks', key], problems)),
    outputs: {
      parameters: mapRecord(outputs.parameters, ({ valueFromParameter, valueFromOneof }, name) => {
        if (valueFromParameter) return { kind: 'parameter' as const, selector: parameterSelector(valueFromParameter) };
        if (valueFromOneof) {
          return { kind: 'oneof' as const, selectors: (valueFromOneof.parameterSelectors ?? []).map(parameterSelector) };
        }
        problems.add([...path, 'outputs', 'parameters', name], 'it does not say which task the value is from', {
          hint: 'Give valueFromParameter or valueFromOneof.',
        });
        return undefined;
      }),
      artifacts: mapRecord(outputs.artifacts, ({ artifactSelectors = [] }) => ({
        artifactSelectors: artifactSelectors.map(({ producerSubtask = '', outputArtifactKey = '' }) => ({
          producerSubtask,
          outputArtifactKey,
        })),
      })),
    },
  };
}

function parameterSelector({
  producerSubtask = '',
  outputParameterKey = '',
}: {
  producerSubtask?: string;
  outputParameterKey?: string;
}) {
  return { producerSubtask, outputParameterKey };
}
