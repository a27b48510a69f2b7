import { EVENT_ID, SCALAR_STYLE, YAMLException, getScalarValue, parseEvents, type Event, type ScalarEvent } from 'js-yaml';
import type { Problem } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import { stringScalar, typedPlainScalar, typedTaggedScalar, type TypedScalar } from './yaml-scalars.ts';

/**
 * A YAML document that still knows what plain values forget: the line of every node, Python's int and float apart, keys that
 * are no strings. Component files are checked as strictly as the 1.8 SDK does it, which needs all three.
 */
export type YamlNode =
  | ({ readonly kind: 'scalar'; readonly line: number; readonly size: number } & TypedScalar)
  | { readonly kind: 'list'; readonly line: number; readonly size: number; readonly items: readonly YamlNode[] }
  | { readonly kind: 'map'; readonly line: number; readonly size: number; readonly entries: readonly YamlEntry[] };

export interface YamlEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

/** A document may not unfold to more nodes than this through its aliases. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 100;
/** Each repair parses the text again. */
const MAX_REPAIRS = 300;
/** Deeper than any parent can be. */
const REPAIR_INDENT = 2 * MAX_DEPTH;

/** The documents of a YAML text, or the problem that keeps it from being YAML. */
export function readYamlNodes(text: string): { readonly documents: readonly YamlNode[]; readonly problems: readonly Problem[] } {
  try {
    return { documents: new NodeBuilder(text).documents(), problems: [] };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { documents: [], problems: [yamlProblem(text, error)] };
  }
}

function yamlProblem(text: string, error: YAMLException): Problem {
  // An unclosed bracket is noticed behind the last line; point at a line the user has.
  const lineCount = text.trimEnd().split('\n').length;
  const line = error.mark === undefined ? undefined : Math.min(error.mark.line + 1, lineCount);
  return {
    path: 'document',
    message: `this is not valid YAML: ${error.reason}`,
    hint: 'check the indentation and the quotes around this line',
    ...(line === undefined ? {} : { line }),
  };
}

/** The plain value of a node; keys are turned to text, as JSON would. */
export function nodeValue(node: YamlNode): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(nodeValue);
  return Object.fromEntries(node.entries.map(({ key, value }) => [keyText(key), nodeValue(value)]));
}

export function keyText(key: YamlNode): string {
  return key.kind === 'scalar' ? key.text : JSON.stringify(nodeValue(key));
}

/**
 * PyYAML lets the lines of a `[…]` or `{…}` start left of their parent, as in many published components, where YAML 1.2 wants
 * them indented. Indentation has no meaning inside brackets, so such a line is moved to the right and parsed again.
 */
function parseForgiving(text: string): { readonly indented: string; readonly events: readonly Event[] } {
  let indented = text;
  for (let repairs = 0; ; repairs += 1) {
    try {
      return { indented, events: parseEvents(indented, { maxDepth: MAX_DEPTH }) };
    } catch (error) {
      const misplaced = error instanceof YAMLException && error.reason === 'deficient indentation' ? error.mark : undefined;
      if (misplaced === undefined || repairs === MAX_REPAIRS) throw error;
      const lineStart = indented.lastIndexOf('\n', misplaced.position - 1) + 1;
      indented = indented.slice(0, lineStart) + ' '.repeat(REPAIR_INDENT) + indented.slice(lineStart);
    }
  }
}

class NodeBuilder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, YamlNode>();
  #position = 0;
  #offset = 0;
  #line = 1;

  constructor(text: string) {
    const { indented, events } = parseForgiving(text);
    this.#text = indented;
    this.#events = events;
  }

  documents(): YamlNode[] {
    const documents: YamlNode[] = [];
    while (this.#position < this.#events.length) {
      this.#position += 1;
      this.#anchors.clear();
      if (this.#peek() !== EVENT_ID.POP) documents.push(this.#node());
      this.#position += 1;
    }
    return documents;
  }

  #peek(): number | undefined {
    return this.#events[this.#position]?.type;
  }

  #node(): YamlNode {
    const event = this.#events[this.#position]!;
    this.#position += 1;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, this.#scalar(event));
      case EVENT_ID.SEQUENCE: {
        const line = this.#lineAt(event.start);
        return this.#anchored(event, this.#bounded({ kind: 'list', line, size: 1, items: this.#children() }, event.start));
      }
      case EVENT_ID.MAPPING: {
        const line = this.#lineAt(event.start);
        return this.#anchored(
          event,
          this.#bounded({ kind: 'map', line, size: 1, entries: this.#entries(event.start) }, event.start),
        );
      }
      case EVENT_ID.ALIAS:
        return this.#aliased(event.anchorStart, event.anchorEnd);
      default:
        return YAMLException.throwAt(this.#text, this.#offset, 'a value is missing');
    }
  }

  #children(): YamlNode[] {
    const items: YamlNode[] = [];
    while (this.#peek() !== EVENT_ID.POP) items.push(this.#node());
    this.#position += 1;
    return items;
  }

  /** Keys given twice keep their first place and their last value, and `<<` is merged in, as PyYAML does. */
  #entries(start: number): YamlEntry[] {
    const flat = this.#children();
    const own = new Map<string, YamlEntry>();
    const merged = new Map<string, YamlEntry>();
    for (let index = 0; index + 1 < flat.length; index += 2) {
      const entry = { key: flat[index]!, value: flat[index + 1]! };
      if (isMergeKey(entry.key)) {
        for (const inherited of this.#mergeSources(entry.value, start)) {
          const identity = keyIdentity(inherited.key);
          if (!merged.has(identity)) merged.set(identity, inherited);
        }
      } else own.set(keyIdentity(entry.key), entry);
    }
    for (const identity of own.keys()) merged.delete(identity);
    return [...merged.values(), ...own.values()];
  }

  #mergeSources(node: YamlNode, start: number): readonly YamlEntry[] {
    if (node.kind === 'map') return node.entries;
    if (node.kind === 'list') return node.items.flatMap((item) => this.#mergeSources(item, start));
    return YAMLException.throwAt(this.#text, start, 'only a map can be merged with <<');
  }

  #scalar(event: ScalarEvent): YamlNode {
    // An empty value has no place of its own; it is on the line of what came before, nearly always its key.
    const start = event.valueStart < 0 ? this.#offset : event.valueStart;
    const line = this.#lineAt(start);
    const source = getScalarValue(this.#text, event);
    const tag = event.tagStart < 0 ? undefined : this.#text.slice(event.tagStart, event.tagEnd);
    const typed =
      tag !== undefined
        ? typedTaggedScalar(source, tag)
        : event.style === SCALAR_STYLE.PLAIN
          ? typedPlainScalar(source)
          : stringScalar(source);
    if (typed.type === 'unsupported') return YAMLException.throwAt(this.#text, start, `"${tag ?? source}" has no meaning here`);
    return { kind: 'scalar', line, size: 1, ...typed };
  }

  #aliased(start: number, end: number): YamlNode {
    const name = this.#text.slice(start, end).replace(/^\*/, '');
    return this.#anchors.get(name) ?? YAMLException.throwAt(this.#text, start, `the alias *${name} has no anchor before it`);
  }

  #anchored(event: { readonly anchorStart: number; readonly anchorEnd: number }, node: YamlNode): YamlNode {
    if (event.anchorStart >= 0) this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd).replace(/^&/, ''), node);
    return node;
  }

  #bounded<Node extends YamlNode>(node: Node, start: number): Node {
    const children =
      node.kind === 'list' ? node.items : node.kind === 'map' ? node.entries.flatMap((entry) => [entry.key, entry.value]) : [];
    const size = children.reduce((sum, child) => sum + child.size, 1);
    if (size > MAX_NODES) YAMLException.throwAt(this.#text, start, `more than ${MAX_NODES} values after following the aliases`);
    return { ...node, size };
  }

  /** Events come in the order of the text, so lines are counted once. */
  #lineAt(offset: number): number {
    if (offset < this.#offset) return this.#text.slice(0, offset).split('\n').length;
    for (; this.#offset < offset; this.#offset += 1) if (this.#text[this.#offset] === '\n') this.#line += 1;
    return this.#line;
  }
}

function isMergeKey(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.type === 'merge';
}

function keyIdentity(key: YamlNode): string {
  return key.kind === 'scalar' ? `${key.type === 'string' ? 's' : 'v'}:${key.text}` : JSON.stringify(nodeValue(key));
}
