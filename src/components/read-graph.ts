import type { ComponentDefinition, ComponentReference, GraphDefinition, GraphTask } from './component-definition.ts';
import { readArgument, readPredicate } from './read-arguments.ts';
import { kindOf, type FieldReader } from './read-fields.ts';
import type { YamlNode } from './yaml-nodes.ts';

/** Reads a whole definition; given by the caller because a graph may hold definitions that hold graphs. */
export type ReadDefinition = (reader: FieldReader, node: YamlNode, path: string) => ComponentDefinition | undefined;

export function readGraph(
  reader: FieldReader,
  node: YamlNode,
  path: string,
  readDefinition: ReadDefinition,
): GraphDefinition | undefined {
  const fields = reader.fields(node, path, ['tasks', 'outputValues']);
  if (fields === undefined) return undefined;
  const tasksNode = reader.required(fields, 'tasks', node, path);
  const tasks =
    tasksNode &&
    reader.dictionary(tasksNode, `${path}.tasks`, (task, taskPath) => readTask(reader, task, taskPath, readDefinition));
  const outputsNode = fields['outputValues'];
  if (outputsNode === undefined) {
    const hint = 'add "outputValues: {}" when the graph has no outputs';
    if (reader.lenient) reader.warning(node, path, '"outputValues" is missing', hint);
    else reader.problem(node, path, '"outputValues" is missing', hint);
  }
  const outputValues =
    outputsNode &&
    reader.dictionary(outputsNode, `${path}.outputValues`, (value, valuePath) => readArgument(reader, value, valuePath));
  return tasks && { tasks, outputValues: outputValues ?? {} };
}

function readTask(reader: FieldReader, node: YamlNode, path: string, readDefinition: ReadDefinition): GraphTask | undefined {
  const fields = reader.fields(node, path, ['componentRef', 'arguments', 'isEnabled', 'executionOptions', 'annotations']);
  if (fields === undefined) return undefined;
  const referenceNode = reader.required(fields, 'componentRef', node, path);
  const componentRef = referenceNode && readReference(reader, referenceNode, `${path}.componentRef`, readDefinition);
  const argumentsNode = fields['arguments'];
  const taskArguments =
    argumentsNode &&
    reader.dictionary(argumentsNode, `${path}.arguments`, (value, valuePath) => readArgument(reader, value, valuePath));
  const isEnabled = fields['isEnabled'] && readPredicate(reader, fields['isEnabled'], `${path}.isEnabled`);
  const options =
    fields['executionOptions'] && readExecutionOptions(reader, fields['executionOptions'], `${path}.executionOptions`);
  const annotations = fields['annotations'] && reader.anything(fields['annotations'], `${path}.annotations`);
  if (componentRef === undefined) return undefined;
  return {
    componentRef,
    arguments: taskArguments ?? {},
    ...(isEnabled === undefined ? {} : { isEnabled }),
    ...options,
    annotations: annotations ?? {},
  };
}

function readReference(
  reader: FieldReader,
  node: YamlNode,
  path: string,
  readDefinition: ReadDefinition,
): ComponentReference | undefined {
  const fields = reader.fields(node, path, ['name', 'digest', 'tag', 'url', 'spec']);
  if (fields === undefined) return undefined;
  const texts: Record<string, string> = {};
  for (const key of ['name', 'digest', 'tag', 'url']) {
    const field = fields[key];
    const text = field && reader.text(field, `${path}.${key}`);
    if (text !== undefined) texts[key] = text;
  }
  const spec = fields['spec'] && readDefinition(reader, fields['spec'], `${path}.spec`);
  // Empty text counts as absent.
  const given = Object.values(texts).some((text) => text !== '') || spec !== undefined;
  if (!given) return reader.problem(node, path, 'a component reference needs a name, digest, tag, url or spec');
  return { ...texts, ...(spec === undefined ? {} : { spec }) };
}

function readExecutionOptions(
  reader: FieldReader,
  node: YamlNode,
  path: string,
): { readonly maxRetries?: number; readonly maxCacheStaleness?: string } {
  const fields = reader.fields(node, path, ['retryStrategy', 'cachingStrategy']) ?? {};
  const retryNode = fields['retryStrategy'];
  const cachingNode = fields['cachingStrategy'];
  const retry = retryNode && reader.fields(retryNode, `${path}.retryStrategy`, ['maxRetries']);
  const caching = cachingNode && reader.fields(cachingNode, `${path}.cachingStrategy`, ['maxCacheStaleness']);
  const maxRetriesNode = retry && retryNode && reader.required(retry, 'maxRetries', retryNode, `${path}.retryStrategy`);
  const stalenessNode = caching?.['maxCacheStaleness'];
  const maxRetries = maxRetriesNode && readInteger(reader, maxRetriesNode, `${path}.retryStrategy.maxRetries`);
  const maxCacheStaleness = stalenessNode && reader.text(stalenessNode, `${path}.cachingStrategy.maxCacheStaleness`);
  return {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(maxCacheStaleness === undefined ? {} : { maxCacheStaleness }),
  };
}

function readInteger(reader: FieldReader, node: YamlNode, path: string): number | undefined {
  if (node.kind === 'scalar' && node.type === 'integer') return Number(node.value);
  return reader.problem(node, path, `a whole number is expected, but this is ${kindOf(node)}`);
}
