import type { Route, Routes } from './route.ts';

export type RouteMatch =
  | { readonly kind: 'route'; readonly id: string; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path is there, with other methods. */
  | { readonly kind: 'method' }
  /** A part of the path is no percent-encoded UTF-8. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'none' };

interface Pattern {
  readonly id: string;
  readonly route: Route;
  readonly segments: readonly Segment[];
}

/** A literal, or a name with what must follow it in the same segment (`{run_id}:archive`). */
type Segment = { readonly literal: string } | { readonly name: string; readonly verb: string };

/**
 * Finds the operation of a method and a raw path. A segment is split at its last `:` into value and verb before it is decoded, so
 * that an identifier may hold an encoded `:` or `/`. Literal segments win over names. A namespace may be empty
 * (`/visualizations/`), any other value may not.
 */
export function routeMatcher(tables: readonly Routes[]): (method: string, path: string) => RouteMatch {
  const byLength = new Map<number, Pattern[]>();
  for (const [id, route] of tables.flatMap((table) => Object.entries(table))) {
    const segments = route.path.split('/').slice(1).map(parseSegment);
    const list = byLength.get(segments.length) ?? [];
    list.push({ id, route, segments });
    byLength.set(segments.length, list);
  }
  for (const list of byLength.values()) list.sort((left, right) => countNames(left) - countNames(right));
  return (method, path) => {
    const given = path.split('/').slice(1);
    const fitting = (byLength.get(given.length) ?? []).filter(({ segments }) =>
      segments.every((part, at) => fits(part, given[at]!)),
    );
    const found = fitting.find(({ route }) => route.method === method);
    if (!found) return { kind: fitting.length > 0 ? 'method' : 'none' };
    const params = paramsOf(found.segments, given);
    return params ? { kind: 'route', id: found.id, route: found.route, params } : { kind: 'malformed' };
  };
}

function parseSegment(text: string): Segment {
  const match = /^\{([^}]+)\}(:\w+)?$/.exec(text);
  return match ? { name: match[1]!, verb: match[2] ?? '' } : { literal: text };
}

/** Routes with more literals come first; among equals, those with a verb. */
function countNames({ segments }: Pattern): number {
  return segments.reduce((count, segment) => count + ('literal' in segment ? 0 : segment.verb === '' ? 1 : 0.9), 0);
}

function fits(segment: Segment, given: string): boolean {
  if ('literal' in segment) return given === segment.literal;
  if (!given.endsWith(segment.verb)) return false;
  const value = segment.verb === '' ? given : given.slice(0, -segment.verb.length);
  return value !== '' || segment.name === 'namespace';
}

function paramsOf(segments: readonly Segment[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  try {
    segments.forEach((segment, at) => {
      if ('literal' in segment) return;
      const raw = segment.verb === '' ? given[at]! : given[at]!.slice(0, -segment.verb.length);
      params[segment.name] = decodeURIComponent(raw);
    });
    return params;
  } catch {
    return undefined;
  }
}
