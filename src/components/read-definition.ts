import { checkReferences } from './check-references.ts';
import type { ComponentDefinition, ComponentInput, ComponentOutput, Implementation } from './component-definition.ts';
import { readConstant, readPortType } from './read-arguments.ts';
import { readContainer } from './read-container.ts';
import type { FieldReader } from './read-fields.ts';
import { readGraph } from './read-graph.ts';
import type { YamlNode } from './yaml-nodes.ts';

const DEFINITION_KEYS = ['name', 'description', 'metadata', 'inputs', 'outputs', 'implementation', 'version'];
const DEFAULT_VERSION = 'google.com/cloud/pipelines/component/v1';

/** A whole component definition: the document itself, or the `spec` of a component reference inside a graph. */
export function readDefinition(reader: FieldReader, node: YamlNode, path: string): ComponentDefinition | undefined {
  const fields = reader.fields(node, path, DEFINITION_KEYS);
  if (fields === undefined) return undefined;
  const text = (name: string) => fields[name] && reader.text(fields[name], at(path, name));
  const name = text('name');
  const description = text('description');
  const version = text('version') ?? DEFAULT_VERSION;
  const metadata = fields['metadata'] ? readMetadata(reader, fields['metadata'], at(path, 'metadata')) : NO_METADATA;
  const inputs = readPorts(reader, fields['inputs'], at(path, 'inputs'), readInput);
  const outputs = readPorts(reader, fields['outputs'], at(path, 'outputs'), readOutput);
  const implementation =
    fields['implementation'] && readImplementation(reader, fields['implementation'], at(path, 'implementation'));
  const definition: ComponentDefinition = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    version,
    ...metadata,
    inputs,
    outputs,
    ...(implementation === undefined ? {} : { implementation }),
  };
  if (implementation !== undefined) checkReferences(reader, definition, fields['implementation']!, at(path, 'implementation'));
  return definition;
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

const NO_METADATA = { annotations: {}, labels: {} };

function readMetadata(reader: FieldReader, node: YamlNode, path: string): Pick<ComponentDefinition, 'annotations' | 'labels'> {
  const fields = reader.fields(node, path, ['annotations', 'labels']);
  const texts = (name: string) => {
    const field = fields?.[name];
    return (field && reader.dictionary(field, `${path}.${name}`, (value, valuePath) => reader.text(value, valuePath))) ?? {};
  };
  return { annotations: texts('annotations'), labels: texts('labels') };
}

/** Inputs or outputs; two of one name are a problem (an input and an output may share theirs). */
function readPorts<Port extends { readonly name: string }>(
  reader: FieldReader,
  node: YamlNode | undefined,
  path: string,
  read: (reader: FieldReader, node: YamlNode, path: string) => Port | undefined,
): readonly Port[] {
  if (node === undefined) return [];
  const names = new Set<string>();
  const ports = reader.list(node, path, (item, itemPath) => {
    const port = read(reader, item, itemPath);
    if (port === undefined) return undefined;
    if (names.has(port.name))
      return reader.problem(item, itemPath, `the name "${port.name}" is already taken`, 'give each one its own name');
    names.add(port.name);
    return port;
  });
  return ports ?? [];
}

function readInput(reader: FieldReader, node: YamlNode, path: string): ComponentInput | undefined {
  const fields = reader.fields(node, path, ['name', 'type', 'description', 'default', 'optional', 'annotations']);
  const port = fields && readPort(reader, node, path, fields);
  if (fields === undefined || port === undefined) return undefined;
  const constant = fields['default'] && readConstant(reader, fields['default'], `${path}.default`);
  const optional = fields['optional'] && reader.boolean(fields['optional'], `${path}.optional`);
  return { ...port, ...(constant === undefined ? {} : { default: constant }), optional: optional ?? false };
}

function readOutput(reader: FieldReader, node: YamlNode, path: string): ComponentOutput | undefined {
  const fields = reader.fields(node, path, ['name', 'type', 'description', 'annotations']);
  return fields && readPort(reader, node, path, fields);
}

function readPort(
  reader: FieldReader,
  node: YamlNode,
  path: string,
  fields: Readonly<Record<string, YamlNode>>,
): ComponentOutput | undefined {
  const nameNode = reader.required(fields, 'name', node, path);
  const name = nameNode && reader.text(nameNode, `${path}.name`);
  const type = fields['type'] && readPortType(reader, fields['type'], `${path}.type`);
  const description = fields['description'] && reader.text(fields['description'], `${path}.description`);
  const annotations = (fields['annotations'] && reader.anything(fields['annotations'], `${path}.annotations`)) ?? {};
  if (name === undefined) return undefined;
  return { name, ...(type === undefined ? {} : { type }), ...(description === undefined ? {} : { description }), annotations };
}

function readImplementation(reader: FieldReader, node: YamlNode, path: string): Implementation | undefined {
  const fields = reader.fields(node, path, ['container', 'graph']);
  if (fields === undefined) return undefined;
  const { container: containerNode, graph: graphNode } = fields;
  if ((containerNode === undefined) === (graphNode === undefined)) {
    return reader.problem(node, path, 'an implementation is either a container or a graph');
  }
  if (graphNode) {
    const graph = readGraph(reader, graphNode, `${path}.graph`, readDefinition);
    return graph && { kind: 'graph', graph };
  }
  const container = readContainer(reader, containerNode!, `${path}.container`);
  return container && { kind: 'container', container };
}
