/** Changes single values of a YAML text and leaves every other character as it is: comments, quotes, anchors, blank lines. */
import { EVENT_ID, SCALAR_STYLE, getScalarValue, parseEvents, type Event } from 'js-yaml';

interface Place {
  readonly path: readonly string[];
  /** What the value is now; undefined for an alias. */
  readonly value: string | undefined;
  /** The characters that a new value takes the place of. */
  readonly start: number;
  readonly end: number;
  /** Goes around the new value. */
  readonly before: string;
  readonly after: string;
}

interface MapPlace {
  readonly path: readonly string[];
  readonly isFlow: boolean;
  readonly start: number;
  /** Offset of the first key; undefined in an empty map. */
  firstKey: number | undefined;
}

interface Places {
  readonly scalars: Place[];
  readonly maps: MapPlace[];
}

/**
 * The text with the values of its first document that `replace` has an answer for. A new value has to be one that needs no quotes.
 * Members of lists have their index in the path. An alias may be replaced, its anchor then keeps its value. Throws YAMLException.
 */
export function replaceYamlScalars(
  text: string,
  replace: (path: readonly string[], value: string | undefined) => string | undefined,
): string {
  let changed = text;
  // From the end, so that offsets hold.
  for (const { path, value, start, end, before, after } of placesIn(text).scalars.reverse()) {
    const next = replace(path, value);
    if (next !== undefined && next !== value) changed = changed.slice(0, start) + before + next + after + changed.slice(end);
  }
  return changed;
}

/** The text with one more member in the map at the path, before all others; undefined if no map is there. Throws YAMLException. */
export function insertYamlScalar(text: string, path: readonly string[], key: string, value: string): string | undefined {
  const map = placesIn(text).maps.find((candidate) => candidate.path.join('\0') === path.join('\0'));
  if (map === undefined) return undefined;
  if (map.isFlow) {
    const separator = map.firstKey === undefined ? '' : ', ';
    return `${text.slice(0, map.start + 1)}${key}: ${value}${separator}${text.slice(map.start + 1)}`;
  }
  const at = map.firstKey!;
  const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at).replaceAll(/\S/g, ' ');
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text.slice(0, at)}${key}: ${value}${lineEnd}${indent}${text.slice(at)}`;
}

function placesIn(text: string): Places {
  const events = parseEvents(text, {});
  const places: Places = { scalars: [], maps: [] };
  // The first event opens the document.
  if (events.length > 1) readNode(text, events, 1, { path: [], keyEnd: 0 }, places);
  return places;
}

interface Context {
  readonly path: readonly string[];
  /** Where what came before this value ends: an empty value and a block's indicator have no place of their own. */
  readonly keyEnd: number;
}

/** Returns the index of the event behind the node. */
function readNode(text: string, events: readonly Event[], index: number, context: Context, places: Places): number {
  const event = events[index]!;
  switch (event.type) {
    case EVENT_ID.SCALAR:
      places.scalars.push(scalarPlace(text, event, context));
      return index + 1;
    case EVENT_ID.ALIAS:
      places.scalars.push({
        ...context,
        value: undefined,
        start: event.anchorStart - 1,
        end: event.anchorEnd,
        before: '',
        after: '',
      });
      return index + 1;
    case EVENT_ID.MAPPING:
      return readMap(text, events, index, context, places);
    case EVENT_ID.SEQUENCE: {
      let next = index + 1;
      for (let item = 0; events[next]!.type !== EVENT_ID.POP; item += 1)
        next = readNode(text, events, next, { path: [...context.path, String(item)], keyEnd: event.start }, places);
      return next + 1;
    }
    default:
      return index + 1;
  }
}

function readMap(text: string, events: readonly Event[], index: number, { path }: Context, places: Places): number {
  const { start } = events[index] as Extract<Event, { start: number }>;
  const map: MapPlace = { path, isFlow: text[start] === '{', start, firstKey: undefined };
  places.maps.push(map);
  let next = index + 1;
  while (events[next]!.type !== EVENT_ID.POP) {
    const key = events[next]!;
    // A key that is no scalar has no name to be found by.
    const unnamed: Places = { scalars: [], maps: [] };
    const behindKey = readNode(text, events, next, { path, keyEnd: start }, unnamed);
    const isScalar = key.type === EVENT_ID.SCALAR;
    const quote = isScalar && isQuoted(key.style) ? 1 : 0;
    if (isScalar) map.firstKey ??= key.valueStart - quote;
    const keyEnd = isScalar ? key.valueEnd + quote : start;
    const name = isScalar ? getScalarValue(text, key) : '?';
    next = readNode(text, events, behindKey, { path: [...path, name], keyEnd }, places);
  }
  return next + 1;
}

type ScalarEvent = Extract<Event, { type: 4 }>;

function scalarPlace(text: string, event: ScalarEvent, { path, keyEnd }: Context): Place {
  const value = getScalarValue(text, event);
  const propertiesEnd = Math.max(event.anchorEnd, event.tagEnd);
  if (event.valueStart < 0) {
    const at = propertiesEnd > 0 ? propertiesEnd : text.indexOf(':', keyEnd) + 1;
    return { path, value, start: at, end: at, before: ' ', after: '' };
  }
  const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
  if (!isBlock) return { path, value, start: event.valueStart, end: event.valueEnd, before: '', after: '' };
  const from = propertiesEnd > 0 ? propertiesEnd : keyEnd;
  return { path, value, start: from + text.slice(from).search(/[|>]/), end: event.valueEnd, before: '', after: '\n' };
}

const isQuoted = (style: number): boolean => style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
