/**
 * Counters, gauges and histograms in Prometheus' text format
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
 */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(labels?: Labels, amount?: number): void;
}

export interface Gauge {
  set(value: number, labels?: Labels): void;
  /** Forgets all values: what is not set again is no longer there. */
  clear(): void;
}

export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

interface Facts {
  readonly name: string;
  readonly help: string;
}

/** Series of one metric: more would fill the memory of whoever reads them, so that further ones are counted together. */
const MAX_SERIES = 2_000;
const OVERFLOW: Labels = { overflow: 'true' };

export class Registry {
  readonly #parts: (() => string)[] = [];

  counter(facts: Facts): Counter {
    const series = new Series(() => ({ value: 0 }));
    this.#add(facts, 'counter', () => series.lines(({ value }, labels) => [line(facts.name, labels, value)]));
    return { add: (labels = {}, amount = 1) => void (series.of(labels).value += amount) };
  }

  gauge(facts: Facts): Gauge {
    const series = new Series(() => ({ value: 0 }));
    this.#add(facts, 'gauge', () => series.lines(({ value }, labels) => [line(facts.name, labels, value)]));
    return { set: (value, labels = {}) => void (series.of(labels).value = value), clear: () => series.clear() };
  }

  /** `buckets`: upper bounds, ascending. */
  histogram(facts: Facts & { readonly buckets: readonly number[] }): Histogram {
    const { name, buckets } = facts;
    const series = new Series(() => ({ counts: [...buckets, Infinity].map(() => 0), sum: 0 }));
    this.#add(facts, 'histogram', () =>
      series.lines(({ counts, sum }, labels) => {
        let total = 0;
        const lines = counts.map((count, index) => {
          total += count;
          return line(`${name}_bucket`, { ...labels, le: index < buckets.length ? String(buckets[index]) : '+Inf' }, total);
        });
        return [...lines, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, total)];
      }),
    );
    return {
      observe(value, labels = {}) {
        const found = series.of(labels);
        const bucket = buckets.findIndex((bound) => value <= bound);
        found.counts[bucket < 0 ? buckets.length : bucket]! += 1;
        found.sum += value;
      },
    };
  }

  text(): string {
    return this.#parts.map((part) => part()).join('');
  }

  #add({ name, help }: Facts, type: string, lines: () => string): void {
    const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    this.#parts.push(() => `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n${lines()}`);
  }
}

/** The values of a metric by their labels. */
class Series<T> {
  readonly #make: () => T;
  readonly #byLabels = new Map<string, { readonly labels: Labels; readonly value: T }>();

  constructor(make: () => T) {
    this.#make = make;
  }

  of(labels: Labels): T {
    const key = labelText(labels);
    const known = this.#byLabels.get(key);
    if (known) return known.value;
    if (this.#byLabels.size >= MAX_SERIES && labels !== OVERFLOW) return this.of(OVERFLOW);
    const value = this.#make();
    this.#byLabels.set(key, { labels, value });
    return value;
  }

  clear(): void {
    this.#byLabels.clear();
  }

  lines(render: (value: T, labels: Labels) => readonly string[]): string {
    return [...this.#byLabels.values()].flatMap(({ labels, value }) => render(value, labels)).join('');
  }
}

function line(name: string, labels: Labels, value: number): string {
  return `${name}${labelText(labels)} ${value}\n`;
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
