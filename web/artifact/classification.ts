/** What `ClassificationMetrics` of the SDK writes into an artifact's metadata, read leniently: with and without the wrappers of MLMD. */
export interface Classification {
  readonly roc: readonly RocPoint[];
  readonly confusion: ConfusionMatrix | undefined;
}

export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly recall: number;
  readonly threshold: number | undefined;
}

export interface ConfusionMatrix {
  readonly labels: readonly string[];
  /** A row for each true label, in it how often each label was predicted. */
  readonly rows: readonly (readonly number[])[];
}

export interface Slice extends Classification {
  readonly name: string;
}

type Struct = Readonly<Record<string, unknown>>;

export function readClassification(metadata: Struct): Classification {
  return { roc: readRoc(metadata['confidenceMetrics']), confusion: readConfusion(metadata['confusionMatrix']) };
}

export function readSlices(metadata: Struct): readonly Slice[] {
  return listOf(metadata['evaluationSlices']).map((entry, index) => ({
    name:
      typeof entry['slice'] === 'string' && entry['slice'] !== '' ? entry['slice'] : index === 0 ? 'overall' : `slice ${index}`,
    ...readClassification(structOf(entry['sliceClassificationMetrics']) ?? entry),
  }));
}

/** From (0, 0) to (1, 1) in the order of the false positive rate. */
function readRoc(value: unknown): readonly RocPoint[] {
  return listOf(value)
    .map((entry) => ({
      falsePositiveRate: Number(entry['falsePositiveRate'] ?? 0),
      recall: Number(entry['recall'] ?? 0),
      threshold: typeof entry['confidenceThreshold'] === 'number' ? entry['confidenceThreshold'] : undefined,
    }))
    .filter(({ falsePositiveRate, recall }) => Number.isFinite(falsePositiveRate) && Number.isFinite(recall))
    .sort((one, other) => one.falsePositiveRate - other.falsePositiveRate || one.recall - other.recall);
}

function readConfusion(value: unknown): ConfusionMatrix | undefined {
  const struct = structOf(structOf(value)?.['struct']) ?? structOf(value);
  const rows = listOf(struct?.['rows']).map((entry) => (Array.isArray(entry['row']) ? entry['row'].map(Number) : []));
  if (rows.length === 0) return undefined;
  const labels = listOf(struct?.['annotationSpecs']).map((entry) =>
    typeof entry['displayName'] === 'string' ? entry['displayName'] : '',
  );
  return { labels: rows.map((_, index) => labels[index] ?? String(index)), rows };
}

const structOf = (value: unknown): Struct | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Struct) : undefined;

function listOf(value: unknown): readonly Struct[] {
  const list = Array.isArray(value) ? value : structOf(value)?.['list'];
  return Array.isArray(list)
    ? list.flatMap((entry: unknown): readonly Struct[] => (structOf(entry) ? [entry as Struct] : []))
    : [];
}

/** The area under the curve, by trapezoids, with the corners (0, 0) and (1, 1). */
export function areaUnder(roc: readonly RocPoint[]): number {
  const points = [{ falsePositiveRate: 0, recall: 0 }, ...roc, { falsePositiveRate: 1, recall: 1 }];
  return points.slice(1).reduce((area, point, index) => {
    const before = points[index]!;
    return area + (point.falsePositiveRate - before.falsePositiveRate) * ((point.recall + before.recall) / 2);
  }, 0);
}

/** The share of what was predicted right. */
export function accuracyOf({ rows }: ConfusionMatrix): number {
  const total = rows.flat().reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : rows.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) / total;
}

/** Numbers, texts and flags of an artifact's metadata: what a scalar metric is. */
export function scalarsOf(metadata: Struct): readonly { readonly name: string; readonly value: string | number | boolean }[] {
  return Object.entries(metadata).flatMap(([name, value]) =>
    typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? [{ name, value }] : [],
  );
}
