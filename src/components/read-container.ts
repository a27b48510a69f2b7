import {
  INPUT_PLACEHOLDERS,
  OUTPUT_PLACEHOLDERS,
  type Branch,
  type CommandPart,
  type Condition,
  type ContainerDefinition,
} from './component-definition.ts';
import { kindOf, type FieldReader } from './read-fields.ts';
import { keyText, type YamlNode } from './yaml-nodes.ts';

const CONTAINER_KEYS = ['image', 'command', 'args', 'env', 'fileOutputs'];
const PLACEHOLDERS: readonly string[] = [
  ...INPUT_PLACEHOLDERS,
  ...OUTPUT_PLACEHOLDERS,
  'outputMetadata',
  'executorInput',
  'concat',
  'if',
];

export function readContainer(reader: FieldReader, node: YamlNode, path: string): ContainerDefinition | undefined {
  const fields = reader.fields(node, path, CONTAINER_KEYS);
  if (fields === undefined) return undefined;
  const imageNode = reader.required(fields, 'image', node, path);
  const image = imageNode && reader.text(imageNode, `${path}.image`);
  const parts = (name: string) => {
    const list = fields[name];
    return list && reader.list(list, `${path}.${name}`, (item, itemPath) => readPart(reader, item, itemPath));
  };
  const texts = (name: string) => {
    const map = fields[name];
    return map && reader.dictionary(map, `${path}.${name}`, (value, valuePath) => reader.text(value, valuePath));
  };
  const command = parts('command');
  const args = parts('args') ?? [];
  const env = texts('env') ?? {};
  const fileOutputs = texts('fileOutputs') ?? {};
  if (image === undefined) return undefined;
  return { image, ...(command === undefined ? {} : { command }), args, env, fileOutputs };
}

/** One element of a command line: text, or a map with exactly one placeholder. */
function readPart(reader: FieldReader, node: YamlNode, path: string): CommandPart | undefined {
  if (node.kind === 'scalar') {
    const text = reader.text(node, path);
    return text === undefined ? undefined : { kind: 'text', text };
  }
  const only = singleEntry(reader, node, path);
  if (only === undefined) return undefined;
  const { name, value } = only;
  const here = `${path}.${name}`;
  if (isOneOf(INPUT_PLACEHOLDERS, name)) {
    const input = reader.text(value, here);
    return input === undefined ? undefined : { kind: name, input };
  }
  if (isOneOf(OUTPUT_PLACEHOLDERS, name)) {
    const output = reader.text(value, here);
    return output === undefined ? undefined : { kind: name, output };
  }
  switch (name) {
    case 'outputMetadata':
    case 'executorInput':
      if (value.kind === 'scalar' && value.type === 'null') return { kind: name };
      return reader.problem(value, here, `${name} takes no value`, `write {${name}: null}`);
    case 'concat': {
      const items = reader.list(value, here, (item, itemPath) => readPart(reader, item, itemPath));
      return items && { kind: 'concat', items };
    }
    default:
      return readIf(reader, value, here);
  }
}

function singleEntry(
  reader: FieldReader,
  node: YamlNode,
  path: string,
): { readonly name: string; readonly value: YamlNode } | undefined {
  if (node.kind !== 'map') return reader.problem(node, path, `text or a placeholder is expected, but this is ${kindOf(node)}`);
  const [entry, second] = node.entries;
  if (entry === undefined || second !== undefined) {
    return reader.problem(
      node,
      path,
      `a placeholder has exactly one key, this map has ${node.entries.length}`,
      'a colon and a blank inside text need quotes',
    );
  }
  const name = keyText(entry.key);
  if (!PLACEHOLDERS.includes(name)) {
    return reader.problem(
      entry.key,
      path,
      `unknown placeholder "${name}"`,
      `known placeholders: ${PLACEHOLDERS.join(', ')}; text with a colon needs quotes`,
    );
  }
  return { name, value: entry.value };
}

function readIf(reader: FieldReader, node: YamlNode, path: string): CommandPart | undefined {
  const fields = reader.fields(node, path, ['cond', 'then', 'else']);
  if (fields === undefined) return undefined;
  const conditionNode = reader.required(fields, 'cond', node, path);
  const thenNode = reader.required(fields, 'then', node, path);
  const condition = conditionNode && readCondition(reader, conditionNode, `${path}.cond`);
  const whenTrue = thenNode && readBranch(reader, thenNode, `${path}.then`);
  const whenFalse = fields['else'] && readBranch(reader, fields['else'], `${path}.else`);
  if (condition === undefined || whenTrue === undefined) return undefined;
  return { kind: 'if', condition, whenTrue, ...(whenFalse === undefined ? {} : { whenFalse }) };
}

function readBranch(reader: FieldReader, node: YamlNode, path: string): Branch | undefined {
  if (node.kind !== 'list') return readPart(reader, node, path);
  return reader.list(node, path, (item, itemPath) => readPart(reader, item, itemPath));
}

function readCondition(reader: FieldReader, node: YamlNode, path: string): Condition | undefined {
  if (node.kind === 'scalar' && (node.type === 'boolean' || node.type === 'string')) return { kind: 'constant', text: node.text };
  if (node.kind !== 'map' || node.entries.length !== 1) {
    return reader.problem(node, path, 'a condition is true, false, text, {isPresent: input} or {inputValue: input}');
  }
  const { key, value } = node.entries[0]!;
  const name = keyText(key);
  if (name !== 'isPresent' && name !== 'inputValue') {
    return reader.problem(key, path, `"${name}" cannot be a condition`, 'use isPresent or inputValue');
  }
  const input = reader.text(value, `${path}.${name}`);
  return input === undefined ? undefined : { kind: name, input };
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}
