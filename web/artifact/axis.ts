/** Round numbers between two ends, about `count` of them: what an axis is marked with. */
export function niceTicks(least: number, most: number, count = 5): readonly number[] {
  if (!(most > least)) return [least];
  const rough = (most - least) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A number for people: 4 significant digits, thousands set apart, very large and small ones with a power. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-GB');
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4) return value.toExponential(3).replace('e+', 'e');
  return value.toLocaleString('en-GB', { maximumSignificantDigits: Math.max(4, Math.ceil(Math.log10(size)) + 2) });
}
