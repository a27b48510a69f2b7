import type { Route, Routes } from '../../src/api/route.ts';
import { accessRule } from '../../src/app/access-rules.ts';

/** Accesses of routes that no role has: nobody could call them. */
export function unmappedAccesses(tables: readonly Routes[]): string[] {
  const all = tables.flatMap((table) => Object.values(table).map(({ access }) => access));
  return [...new Set(all)].filter((access) => access !== 'open' && accessRule(access) === undefined);
}

/**
 * Sends one request to every route of the tables and gives a sentence for each that is not answered with the expected status.
 * `expected` is undefined for routes that are not to be asked.
 */
export async function guardProblems(
  tables: readonly Routes[],
  send: (path: string, init: RequestInit) => Promise<Response>,
  expected: (route: Route) => number | undefined,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [id, route] of tables.flatMap((table) => Object.entries(table))) {
    const status = expected(route);
    if (status === undefined) continue;
    const path = route.path.replace(/\{[^}]+\}/g, 'some-id');
    const isChange = route.method !== 'GET';
    const headers = isChange ? { 'content-type': 'application/json' } : {};
    const response = await send(path, { method: route.method, headers, ...(isChange ? { body: '{}' } : {}) });
    await response.arrayBuffer();
    if (response.status !== status) problems.push(`${id} (${route.method} ${path}) answers ${response.status}, not ${status}`);
  }
  return problems;
}
