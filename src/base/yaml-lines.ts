/** Where in a YAML text the node at a path stands. Computed only once somebody asks, which is when there is a problem to show. */
import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

export type YamlPath = readonly (string | number)[];

interface Frame {
  readonly path: string;
  readonly isMapping: boolean;
  count: number;
  /** The key whose value comes next. */
  key: string | undefined;
}

/** A function from (document number, path) to the 1-based line of that node, or of its closest ancestor that is in the text. */
export function lineFinder(text: string): (document: number, path: YamlPath) => number | undefined {
  let offsets: Map<string, number> | undefined;
  let starts: number[] | undefined;
  return (document, path) => {
    offsets ??= nodeOffsets(text);
    starts ??= lineStarts(text);
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = offsets.get(path.slice(0, length).reduce<string>(join, String(document)));
      if (offset !== undefined) return lineAt(starts, offset);
    }
    return undefined;
  };
}

const join = (path: string, key: string | number): string => `${path}\0${key}`;

/** The offset of every node by its path; a member of a mapping stands where its key stands. */
function nodeOffsets(text: string): Map<string, number> {
  const offsets = new Map<string, number>();
  const frames: Frame[] = [];
  let document = -1;
  for (const event of eventsOf(text)) {
    if (event.type === EVENT_ID.DOCUMENT) {
      document += 1;
      frames.push({ path: String(document), isMapping: false, count: -1, key: undefined });
    } else if (event.type === EVENT_ID.POP) {
      frames.pop();
    } else {
      enterNode(text, event, frames, offsets);
    }
  }
  return offsets;
}

function eventsOf(text: string): Event[] {
  try {
    return parseEvents(text, {});
  } catch {
    return []; // The problem is the text itself and carries its own line.
  }
}

function enterNode(text: string, event: Exclude<Event, { type: 1 | 6 }>, frames: Frame[], offsets: Map<string, number>): void {
  const parent = frames.at(-1)!;
  const isKey = parent.isMapping && parent.key === undefined;
  const offset = offsetOf(event);
  let path = parent.path;
  if (isKey) {
    parent.key = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '?';
    offsets.set(join(parent.path, parent.key), offset);
  } else if (parent.isMapping) {
    path = join(parent.path, parent.key!);
    parent.key = undefined;
  } else if (parent.count >= 0) {
    path = join(parent.path, parent.count);
    parent.count += 1;
    offsets.set(path, offset);
  } else {
    offsets.set(path, offset);
  }
  if (event.type === EVENT_ID.MAPPING) frames.push({ path, isMapping: true, count: 0, key: undefined });
  if (event.type === EVENT_ID.SEQUENCE) frames.push({ path, isMapping: false, count: 0, key: undefined });
}

function offsetOf(event: Exclude<Event, { type: 1 | 6 }>): number {
  if (event.type === EVENT_ID.SCALAR) return Math.max(0, event.valueStart);
  return Math.max(0, event.type === EVENT_ID.ALIAS ? event.anchorStart : event.start);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
