import { COMPARISONS, type Constant, type GraphArgument, type PortType, type Predicate } from './component-definition.ts';
import { kindOf, type FieldReader } from './read-fields.ts';
import { keyText, nodeValue, type YamlNode } from './yaml-nodes.ts';

/** A scalar that is a value: text, a number or a boolean. A date has no text form that was agreed on, so it is refused. */
export function readConstant(reader: FieldReader, node: YamlNode, path: string): Constant | undefined {
  if (node.kind !== 'scalar' || !isConstantKind(node.type)) {
    const hint = node.kind === 'scalar' && node.type === 'timestamp' ? `write it in quotes: '${node.text}'` : undefined;
    return reader.problem(node, path, `text, a number or a boolean is expected, but this is ${kindOf(node)}`, hint);
  }
  return { kind: node.type, value: node.value as Constant['value'], text: node.text };
}

function isConstantKind(type: string): type is Constant['kind'] {
  return type === 'string' || type === 'integer' || type === 'float' || type === 'boolean';
}

export function readPortType(reader: FieldReader, node: YamlNode, path: string): PortType | undefined {
  if (node.kind === 'scalar') return reader.text(node, path);
  return nodeValue(node) as PortType;
}

export function readArgument(reader: FieldReader, node: YamlNode, path: string): GraphArgument | undefined {
  if (node.kind === 'scalar') {
    const constant = readConstant(reader, node, path);
    return constant && { kind: 'constant', constant };
  }
  const fields = reader.fields(node, path, ['graphInput', 'taskOutput']);
  if (fields === undefined) return undefined;
  const { graphInput, taskOutput } = fields;
  if ((graphInput === undefined) === (taskOutput === undefined)) {
    return reader.problem(node, path, 'an argument is a constant, {graphInput: …} or {taskOutput: …}');
  }
  return graphInput
    ? readGraphInput(reader, graphInput, `${path}.graphInput`)
    : readTaskOutput(reader, taskOutput!, `${path}.taskOutput`);
}

function readGraphInput(reader: FieldReader, node: YamlNode, path: string): GraphArgument | undefined {
  const fields = reader.fields(node, path, ['inputName', 'type']);
  const nameNode = fields && reader.required(fields, 'inputName', node, path);
  const input = nameNode && reader.text(nameNode, `${path}.inputName`);
  const type = fields?.['type'] && readPortType(reader, fields['type'], `${path}.type`);
  return input === undefined ? undefined : { kind: 'graphInput', input, ...(type === undefined ? {} : { type }) };
}

function readTaskOutput(reader: FieldReader, node: YamlNode, path: string): GraphArgument | undefined {
  const fields = reader.fields(node, path, ['taskId', 'outputName', 'type']);
  if (fields === undefined) return undefined;
  const taskNode = reader.required(fields, 'taskId', node, path);
  const outputNode = reader.required(fields, 'outputName', node, path);
  const task = taskNode && reader.text(taskNode, `${path}.taskId`);
  const output = outputNode && reader.text(outputNode, `${path}.outputName`);
  const type = fields['type'] && readPortType(reader, fields['type'], `${path}.type`);
  return task === undefined || output === undefined
    ? undefined
    : { kind: 'taskOutput', task, output, ...(type === undefined ? {} : { type }) };
}

export function readPredicate(reader: FieldReader, node: YamlNode, path: string): Predicate | undefined {
  if (node.kind !== 'map' || node.entries.length !== 1) return readArgument(reader, node, path);
  const { key, value } = node.entries[0]!;
  const operator = keyText(key);
  const here = `${path}.${operator}`;
  const comparison = COMPARISONS.find((known) => known === operator);
  if (comparison !== undefined) {
    const operands = readOperands(reader, value, here, readArgument);
    return operands && { kind: 'comparison', operator: comparison, ...operands };
  }
  if (operator === 'and' || operator === 'or') {
    const operands = readOperands(reader, value, here, readPredicate);
    return operands && { kind: operator, ...operands };
  }
  if (operator !== 'not') return readArgument(reader, node, path);
  const operand = readPredicate(reader, value, here);
  return operand && { kind: 'not', operand };
}

function readOperands<Operand>(
  reader: FieldReader,
  node: YamlNode,
  path: string,
  read: (reader: FieldReader, node: YamlNode, path: string) => Operand | undefined,
): { readonly left: Operand; readonly right: Operand } | undefined {
  const fields = reader.fields(node, path, ['op1', 'op2']);
  const leftNode = fields && reader.required(fields, 'op1', node, path);
  const rightNode = fields && reader.required(fields, 'op2', node, path);
  const left = leftNode && read(reader, leftNode, `${path}.op1`);
  const right = rightNode && read(reader, rightNode, `${path}.op2`);
  return left === undefined || right === undefined ? undefined : { left, right };
}
