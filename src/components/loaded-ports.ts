import type { JsonValue } from '../base/json.ts';
import type { ComponentSpec, ParameterType } from '../ir/spec.ts';
import type { ArtifactType } from '../model/artifact.ts';
import type { ComponentDefinition, ComponentInput, ComponentOutput } from './component-definition.ts';
import { irPort } from './ir-port.ts';
import { irPortName } from './port-names.ts';

/** An input or output as the IR has it. */
export interface LoadedPort {
  /** Its name in the IR, which is the argument name of a task. */
  readonly name: string;
  /** The name in the file: "Number of epochs" where `name` is `number_of_epochs`. */
  readonly originalName: string;
  readonly description?: string;
  readonly kind: 'parameter' | 'artifact';
  readonly parameterType?: ParameterType;
  readonly artifactType?: ArtifactType;
  readonly isArtifactList: boolean;
}

export interface LoadedInput extends LoadedPort {
  readonly optional: boolean;
  readonly default?: JsonValue;
}

export interface LoadedPorts {
  readonly inputs: readonly LoadedInput[];
  readonly outputs: readonly LoadedPort[];
}

/** The ports of a version 1 component in the order of its file; `converted` is absent when the IR cannot express it. */
export function definitionPorts(definition: ComponentDefinition, converted: ComponentSpec | undefined): LoadedPorts {
  const inputs = converted?.inputDefinitions;
  const outputs = converted?.outputDefinitions;
  return {
    inputs: definition.inputs.map((input) => {
      const name = irPortName(input.name);
      const parameter = own(inputs?.parameters, name);
      const optional = input.optional || input.default !== undefined;
      const preset = parameter?.defaultValue;
      return {
        ...port(input, parameter, own(inputs?.artifacts, name)),
        optional,
        ...(preset === undefined ? {} : { default: preset }),
      };
    }),
    outputs: definition.outputs.map((output) => {
      const name = irPortName(output.name);
      return port(output, own(outputs?.parameters, name), own(outputs?.artifacts, name));
    }),
  };
}

function port(
  written: ComponentInput | ComponentOutput,
  parameter: { readonly parameterType: ParameterType } | undefined,
  artifact: { readonly artifactType: ArtifactType } | undefined,
): LoadedPort {
  const { name, description } = written;
  const shared = {
    name: irPortName(name),
    originalName: name,
    ...(description === undefined ? {} : { description }),
    isArtifactList: false,
  };
  if (parameter) return { ...shared, kind: 'parameter', parameterType: parameter.parameterType };
  return artifact ? { ...shared, kind: 'artifact', artifactType: artifact.artifactType } : { ...shared, ...irPort(written.type) };
}

/** The ports of a compiled component: parameters before artifacts, each in the order of the file. */
export function documentPorts({ inputDefinitions, outputDefinitions }: ComponentSpec): LoadedPorts {
  return {
    inputs: [
      ...Object.entries(inputDefinitions.parameters).map(([name, { parameterType, defaultValue, isOptional, description }]) => ({
        ...named(name, description),
        kind: 'parameter' as const,
        parameterType,
        isArtifactList: false,
        optional: isOptional || defaultValue !== undefined,
        ...(defaultValue === undefined ? {} : { default: defaultValue }),
      })),
      ...Object.entries(inputDefinitions.artifacts).map(([name, { artifactType, isArtifactList, isOptional, description }]) => ({
        ...named(name, description),
        kind: 'artifact' as const,
        artifactType,
        isArtifactList,
        optional: isOptional,
      })),
    ],
    outputs: [
      ...Object.entries(outputDefinitions.parameters).map(([name, { parameterType, description }]) => ({
        ...named(name, description),
        kind: 'parameter' as const,
        parameterType,
        isArtifactList: false,
      })),
      ...Object.entries(outputDefinitions.artifacts).map(([name, { artifactType, isArtifactList, description }]) => ({
        ...named(name, description),
        kind: 'artifact' as const,
        artifactType,
        isArtifactList,
      })),
    ],
  };
}

function named(name: string, description: string | undefined) {
  return { name, originalName: name, ...(description === undefined ? {} : { description }) };
}

function own<Value>(table: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
