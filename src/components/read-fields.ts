import type { Problem } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { didYouMean } from './nearest-names.ts';
import { keyText, nodeValue, type YamlNode } from './yaml-nodes.ts';

/**
 * Reads the fields of a strict schema and collects what is wrong with them. Every method gives undefined after noting a
 * problem, so a reader goes on and finds the next one.
 */
export class FieldReader {
  readonly #problems: Problem[] = [];
  /** Unknown keys and scalars that are no text become warnings instead of errors. */
  readonly lenient: boolean;

  constructor(options: { readonly lenient: boolean }) {
    this.lenient = options.lenient;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  problem(node: YamlNode, path: string, message: string, hint?: string): undefined {
    this.#problems.push({ path, message, line: node.line, ...(hint === undefined ? {} : { hint }) });
    return undefined;
  }

  warning(node: YamlNode, path: string, message: string, hint?: string): void {
    this.#problems.push({ path, message, line: node.line, severity: 'warning', ...(hint === undefined ? {} : { hint }) });
  }

  /** The fields of a map by name; fields that are null are left out, for null means "not given" in every optional field. */
  fields(node: YamlNode, path: string, known: readonly string[]): Readonly<Record<string, YamlNode>> | undefined {
    if (node.kind !== 'map')
      return this.problem(node, path, `a map with ${listed(known)} is expected, but this is ${kindOf(node)}`);
    const fields: Record<string, YamlNode> = {};
    for (const { key, value } of node.entries) {
      const name = keyText(key);
      if (key.kind !== 'scalar' || key.type !== 'string' || !known.includes(name)) this.#unknownKey(key, path, name, known);
      else if (value.kind !== 'scalar' || value.type !== 'null') fields[name] = value;
    }
    return fields;
  }

  #unknownKey(key: YamlNode, path: string, name: string, known: readonly string[]): void {
    const hint = didYouMean(name, known) ?? `known here: ${known.join(', ')}`;
    if (this.lenient) this.warning(key, path, `the unknown key "${name}" is ignored`, hint);
    else this.problem(key, path, `unknown key "${name}"`, hint);
  }

  required(fields: Readonly<Record<string, YamlNode>>, name: string, parent: YamlNode, path: string): YamlNode | undefined {
    return fields[name] ?? this.problem(parent, path, `"${name}" is missing`);
  }

  text(node: YamlNode, path: string): string | undefined {
    if (node.kind === 'scalar' && node.type === 'string') return node.text;
    if (node.kind === 'scalar' && this.lenient && node.type !== 'null') {
      this.warning(node, path, `${kindOf(node)} is read as text`, `write '${node.text}' in quotes`);
      return node.text;
    }
    const hint = node.kind === 'scalar' && node.type !== 'null' ? `write it in quotes: '${node.text}'` : undefined;
    return this.problem(node, path, `text is expected, but this is ${kindOf(node)}`, hint);
  }

  boolean(node: YamlNode, path: string): boolean | undefined {
    if (node.kind === 'scalar' && node.type === 'boolean') return node.value === true;
    return this.problem(
      node,
      path,
      `true or false is expected, but this is ${kindOf(node)}`,
      'write true or false without quotes',
    );
  }

  list<Item>(node: YamlNode, path: string, read: (item: YamlNode, path: string) => Item | undefined): Item[] | undefined {
    if (node.kind !== 'list') return this.problem(node, path, `a list is expected, but this is ${kindOf(node)}`);
    return node.items.flatMap((item, index) => {
      const value = read(item, `${path}[${index}]`);
      return value === undefined ? [] : [value];
    });
  }

  /** A map whose keys the author chooses. */
  dictionary<Value>(
    node: YamlNode,
    path: string,
    read: (value: YamlNode, path: string) => Value | undefined,
  ): Record<string, Value> | undefined {
    if (node.kind !== 'map') return this.problem(node, path, `a map is expected, but this is ${kindOf(node)}`);
    const values: [string, Value][] = [];
    for (const { key, value } of node.entries) {
      const name = this.text(key, `${path} (key)`);
      const read_ = name === undefined ? undefined : read(value, `${path}.${name}`);
      if (name !== undefined && read_ !== undefined) values.push([name, read_]);
    }
    return Object.fromEntries(values);
  }

  /** A map of anything, as annotations are. */
  anything(node: YamlNode, path: string): JsonObject | undefined {
    return this.dictionary(node, path, nodeValue);
  }
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? `the key ${names[0]}` : `the keys ${names.join(', ')}`;
}

const SCALAR_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'the number',
  float: 'the number',
  boolean: 'the boolean',
  timestamp: 'the date',
  merge: 'the merge key',
};

/** A node in the words of a message. */
export function kindOf(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map';
  if (node.type === 'null') return 'null';
  return node.type === 'string' ? 'text' : `${SCALAR_WORDS[node.type]} ${node.text}`;
}
