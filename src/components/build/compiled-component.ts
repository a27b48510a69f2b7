import type { JsonObject } from '../../base/json.ts';
import { irComponentName } from '../port-names.ts';
import type { PythonInput, PythonPort } from './python-interface.ts';

export interface CompiledComponent {
  readonly name: string;
  readonly description?: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly inputs: readonly PythonInput[];
  readonly outputs: readonly PythonPort[];
}

/** The PipelineSpec of a file that holds a single component, as the 2.x SDK saves one: a root DAG with one task. */
export function compiledComponent(component: CompiledComponent): JsonObject {
  const name = irComponentName(component.name);
  const definitions = {
    ...section('inputDefinitions', component.inputs, inputDefinition),
    ...section('outputDefinitions', component.outputs, outputDefinition),
  };
  const { description, image, command, args } = component;
  return {
    components: { [`comp-${name}`]: { executorLabel: `exec-${name}`, ...definitions } },
    deploymentSpec: { executors: { [`exec-${name}`]: { container: { image, command, args } } } },
    pipelineInfo: { name, ...(description === undefined ? {} : { description }) },
    root: { dag: { ...dagOutputs(component.outputs, name), tasks: { [name]: task(component.inputs, name) } }, ...definitions },
    schemaVersion: '2.1.0',
  };
}

function section<Port extends PythonPort>(key: string, ports: readonly Port[], define: (port: Port) => JsonObject): JsonObject {
  if (ports.length === 0) return {};
  return { [key]: grouped(ports, define) };
}

/** `{parameters: …, artifacts: …}`, without the half that is empty. */
function grouped<Port extends PythonPort>(ports: readonly Port[], value: (port: Port) => JsonObject): JsonObject {
  const half = (kind: Port['kind']) =>
    ports.filter((port) => port.kind === kind).map((port) => [port.name, value(port)] as const);
  const halves = { parameters: half('parameter'), artifacts: half('artifact') };
  return Object.fromEntries(
    Object.entries(halves).flatMap(([key, entries]) => (entries.length === 0 ? [] : [[key, Object.fromEntries(entries)]])),
  );
}

function inputDefinition(input: PythonInput): JsonObject {
  return {
    ...outputDefinition(input),
    ...(input.isOptional ? { isOptional: true } : {}),
    ...(input.defaultValue === undefined ? {} : { defaultValue: input.defaultValue }),
  };
}

function outputDefinition(port: PythonPort): JsonObject {
  const described = port.description === undefined ? {} : { description: port.description };
  if (port.kind === 'parameter') return { parameterType: port.parameterType, ...described };
  const { schemaTitle = 'system.Artifact', schemaVersion = '0.0.1' } = port.artifactType;
  return { ...described, artifactType: { schemaTitle, schemaVersion }, ...(port.isArtifactList ? { isArtifactList: true } : {}) };
}

function task(inputs: readonly PythonInput[], name: string): JsonObject {
  const passed = grouped(inputs, (input) => ({
    [input.kind === 'parameter' ? 'componentInputParameter' : 'componentInputArtifact']: input.name,
  }));
  return {
    cachingOptions: { enableCache: true },
    componentRef: { name: `comp-${name}` },
    ...(inputs.length === 0 ? {} : { inputs: passed }),
    taskInfo: { name },
  };
}

function dagOutputs(outputs: readonly PythonPort[], producerSubtask: string): JsonObject {
  if (outputs.length === 0) return {};
  return {
    outputs: grouped(outputs, (output) =>
      output.kind === 'parameter'
        ? { valueFromParameter: { producerSubtask, outputParameterKey: output.name } }
        : { artifactSelectors: [{ producerSubtask, outputArtifactKey: output.name }] },
    ),
  };
}
