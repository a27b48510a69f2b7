import { formatTimestamp } from '../api/encode-message.ts';
import type { Route } from '../api/route.ts';

type QueryValue = string | number | boolean | readonly (string | number | boolean)[] | undefined;

/** Path and query of a call. Each value is encoded as a whole, so that an identifier may hold `/` and `:`. */
export function requestTarget(
  route: Route,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, QueryValue>>,
): string {
  const path = route.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, queryText(route.query?.[name], item));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

function queryText(type: string | undefined, value: string | number | boolean): string {
  return type === 'timestamp' && typeof value === 'number' ? formatTimestamp(value) : String(value);
}
