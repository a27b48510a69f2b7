import type {
  ComponentSpec,
  InputArtifactDefinition,
  OutputArtifactDefinition,
  OutputParameterDefinition,
  ParameterDefinition,
} from '../ir/spec.ts';
import type { Port, Ports, PortType } from '../sdk/port-types.ts';

export function inputDefinitions(ports: Ports): ComponentSpec['inputDefinitions'] {
  const parameters: Record<string, ParameterDefinition> = {};
  const artifacts: Record<string, InputArtifactDefinition> = {};
  for (const [name, port] of Object.entries(ports)) {
    const { type, isOptional, defaultValue, literals } = port;
    if (type.kind === 'artifact') {
      artifacts[name] = { artifactType: type.artifactType, isArtifactList: type.isList, isOptional, ...described(port) };
      continue;
    }
    parameters[name] = {
      parameterType: type.parameterType,
      isOptional,
      ...(defaultValue === undefined ? {} : { defaultValue }),
      ...(literals === undefined ? {} : { literals }),
      ...described(port),
    };
  }
  return { parameters, artifacts };
}

export function outputDefinitions(ports: Ports): ComponentSpec['outputDefinitions'] {
  const parameters: Record<string, OutputParameterDefinition> = {};
  const artifacts: Record<string, OutputArtifactDefinition> = {};
  for (const [name, port] of Object.entries(ports)) {
    const { type } = port;
    if (type.kind === 'parameter') parameters[name] = { parameterType: type.parameterType, ...described(port) };
    else artifacts[name] = { artifactType: type.artifactType, isArtifactList: type.isList, metadata: {}, ...described(port) };
  }
  return { parameters, artifacts };
}

/** Ports that have nothing but a type. */
export function plainPorts(types: Iterable<readonly [string, PortType]>): Ports {
  return Object.fromEntries([...types].map(([name, type]) => [name, { type, isOptional: false }]));
}

function described({ description }: Port): { readonly description?: string } {
  return description === undefined ? {} : { description };
}
