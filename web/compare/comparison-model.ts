import type { Native } from '../api/operations.ts';

export type Comparison = Native<'Comparison'>;
export type Row = Native<'ComparedRow'>;
export type TaskRow = Native<'ComparedTask'>;

/** What differs first, the rest behind it; `isAll` false: only what differs. */
export function differencesFirst<T extends { readonly is_different?: boolean }>(
  rows: readonly T[],
  isAll: boolean,
): readonly T[] {
  const different = rows.filter((row) => row.is_different);
  return isAll ? [...different, ...rows.filter((row) => !row.is_different)] : different;
}

/** Which of the values of a row are the greatest number; empty if they are no numbers or all equal. */
export function greatest(values: readonly unknown[]): ReadonlySet<number> {
  const numbers = values.map((value) => (typeof value === 'number' ? value : undefined));
  const known = numbers.filter((value) => value !== undefined);
  if (known.length < 2 || new Set(known).size === 1) return new Set();
  const most = Math.max(...known);
  return new Set(numbers.flatMap((value, index) => (value === most ? [index] : [])));
}

/** How far each number lies from the first one, in percent; undefined where that says nothing. */
export function changes(values: readonly unknown[]): readonly (number | undefined)[] {
  const [first] = values;
  return values.map((value, index) =>
    index === 0 || typeof first !== 'number' || typeof value !== 'number' || first === 0 || value === first
      ? undefined
      : ((value - first) / Math.abs(first)) * 100,
  );
}

/** `+3.2 %`, `−70 %`, and `× 2,005` where percents are no longer read. */
export function formatChange(percent: number): string {
  const size = Math.abs(percent);
  if (size >= 1_000) return `× ${Math.round(1 + percent / 100).toLocaleString('en-GB')}`;
  return `${percent > 0 ? '+' : '−'}${size < 10 ? size.toFixed(1) : Math.round(size)} %`;
}

/**
 * Paths without iterations of tasks that did not end alike in all runs: what is pointed out in the graphs. Whether a good result came from
 * the cache makes no difference.
 */
export function differingPaths(tasks: readonly TaskRow[]): ReadonlySet<string> {
  const ending = (state: string): string => (state === 'CACHED' ? 'SUCCEEDED' : state);
  return new Set(
    tasks.filter(({ states = [] }) => new Set(states.map(ending)).size > 1).map(({ path = '' }) => path.replace(/\[\d+\]/g, '')),
  );
}
