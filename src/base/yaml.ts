/** Reading YAML and JSON texts (yaml-writer.ts writes them): PyYAML's types, hard limits, and the line of every node. */
import { constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import type { Problem } from './errors.ts';
import { parseJsonText } from './json-text.ts';
import type { JsonValue } from './json.ts';
import { mendIndentation } from './yaml-indent.ts';
import { lineFinder, type YamlPath } from './yaml-lines.ts';
import { PYYAML_SCHEMA } from './yaml-schema.ts';

/** Upstream's limit for uploads, and ours for a text. */
export const MAX_YAML_BYTES = 32 * 1024 * 1024;
const MAX_DEPTH = 200;
/** Nodes a document has after its aliases are followed. Far above any real one; a bomb reaches it before anything is built. */
const MAX_NODES = 5_000_000;
const MAX_ALIASES = 100_000;
const MAX_MERGED_KEYS = 100_000;

export interface YamlDocument {
  readonly value: JsonValue;
  /** The 1-based line of the node at a path, or of its closest ancestor. The first call reads the text again. */
  readonly lineOf: (path: YamlPath) => number | undefined;
}

export type YamlResult =
  | { readonly kind: 'documents'; readonly documents: readonly YamlDocument[] }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Reads all documents of a text; a document without content is null. A duplicate key is a problem. */
export function readYaml(given: string): YamlResult {
  if (given.length > MAX_YAML_BYTES) return problem(`the text is larger than ${MAX_YAML_BYTES / 1024 / 1024} MiB`);
  const json = parseJsonText(given, MAX_DEPTH);
  if (json !== undefined) {
    const lineOf = lineFinder(given);
    return { kind: 'documents', documents: [{ value: json, lineOf: (path) => lineOf(0, path) }] };
  }
  try {
    const { text, events } = parse(given);
    const tooMuch = aliasProblem(events, text);
    if (tooMuch) return problem(tooMuch);
    const values = construct(events, text);
    const lineOf = lineFinder(text);
    return {
      kind: 'documents',
      documents: values.map((value, index) => ({ value: value as JsonValue, lineOf: (path) => lineOf(index, path) })),
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return problem(error.reason, error.mark === undefined ? undefined : error.mark.line + 1);
  }
}

/** How much text may be parsed again because its indentation had to be mended. */
const MAX_MENDED_CHARACTERS = 64 * 1024 * 1024;

function parse(given: string): { text: string; events: Event[] } {
  let text = given;
  for (let budget = MAX_MENDED_CHARACTERS; ; budget -= text.length) {
    try {
      return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }) };
    } catch (error) {
      if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation' || !error.mark || budget < 0) throw error;
      text = mendIndentation(text, error.mark.position);
    }
  }
}

function problem(message: string, line?: number): YamlResult {
  return {
    kind: 'problem',
    problem: {
      path: '',
      message: `this is not a YAML or JSON text that can be read: ${message}`,
      ...(line === undefined ? {} : { line }),
    },
  };
}

function construct(events: Event[], source: string): unknown[] {
  return constructFromEvents(events, {
    source,
    schema: PYYAML_SCHEMA,
    maxAliases: MAX_ALIASES,
    maxTotalMergeKeys: MAX_MERGED_KEYS,
  });
}

/** Counts what the aliases stand for before anything is built of them. */
function aliasProblem(events: readonly Event[], text: string): string | undefined {
  if (!events.some(({ type }) => type === EVENT_ID.ALIAS)) return undefined;
  const sizes = new Map<string, number>();
  const open: { readonly anchor: string | undefined; size: number }[] = [];
  const add = (size: number) => {
    if (open.length > 0) open.at(-1)!.size += size;
  };
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      sizes.clear();
      open.push({ anchor: undefined, size: 0 });
    } else if (event.type === EVENT_ID.POP) {
      const { anchor, size } = open.pop()!;
      if (size > MAX_NODES) return 'its aliases stand for more values than any pipeline has';
      if (anchor !== undefined) sizes.set(anchor, size);
      add(size);
    } else if (event.type === EVENT_ID.ALIAS) {
      const size = sizes.get(text.slice(event.anchorStart, event.anchorEnd));
      if (size === undefined) return 'an alias stands for a value it is part of, or for none';
      add(size);
    } else {
      const anchor =
        event.anchorStart >= 0 && event.anchorEnd > event.anchorStart
          ? text.slice(event.anchorStart, event.anchorEnd)
          : undefined;
      if (event.type === EVENT_ID.SCALAR) {
        if (anchor !== undefined) sizes.set(anchor, 1);
        add(1);
      } else {
        open.push({ anchor, size: 1 });
      }
    }
  }
  return undefined;
}
