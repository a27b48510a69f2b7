export type Cell = string | number | boolean | null | undefined;

/** A table as it is shown: values by row. */
export interface TableData {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Of the whole file; undefined: not known without reading it. */
  readonly rowCount: number | undefined;
  readonly isCut: boolean;
}

export type ColumnStatistics =
  | {
      readonly kind: 'number';
      readonly missing: number;
      readonly least: number;
      readonly most: number;
      readonly mean: number;
      readonly deviation: number;
      /** How many values lie in each of equal steps from `least` to `most`. */
      readonly histogram: readonly number[];
    }
  | {
      readonly kind: 'text';
      readonly missing: number;
      readonly distinct: number;
      /** The most frequent values, the first the most. */
      readonly top: readonly { readonly value: string; readonly count: number }[];
    }
  | { readonly kind: 'empty'; readonly missing: number };

const BINS = 16;
const TOP = 4;
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none']);

/** What a column holds. It is numeric if everything that is there reads as a number. */
export function columnStatistics(values: readonly Cell[]): ColumnStatistics {
  const there = values.filter((value) => value !== null && value !== undefined && !isMissing(value));
  const missing = values.length - there.length;
  if (there.length === 0) return { kind: 'empty', missing };
  const numbers = there.map(toNumber);
  return numbers.every((value) => value !== undefined) ? ofNumbers(numbers, missing) : ofTexts(there.map(String), missing);
}

const isMissing = (value: Cell): boolean =>
  typeof value === 'string' ? MISSING.has(value.trim().toLowerCase()) : typeof value === 'number' && Number.isNaN(value);

function toNumber(value: Cell): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function ofNumbers(values: readonly number[], missing: number): ColumnStatistics {
  let [least, most, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
  }
  const mean = sum / values.length;
  const deviation = Math.sqrt(values.reduce((squares, value) => squares + (value - mean) ** 2, 0) / values.length);
  const histogram = Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = most === least ? 0 : Math.min(BINS - 1, Math.floor(((value - least) / (most - least)) * BINS));
    histogram[bin]! += 1;
  }
  return { kind: 'number', missing, least, most, mean, deviation, histogram };
}

function ofTexts(values: readonly string[], missing: number): ColumnStatistics {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const top = [...counts].sort(([, one], [, other]) => other - one).slice(0, TOP);
  return { kind: 'text', missing, distinct: counts.size, top: top.map(([value, count]) => ({ value, count })) };
}
