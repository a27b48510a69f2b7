/** Pairs a measurement with its reference in one run (A B A B …), because absolute times on a shared machine are noise. */
export interface Sample {
  readonly ms: number;
  readonly detail?: Readonly<Record<string, number>>;
}

export interface Paired {
  readonly ours: readonly Sample[];
  readonly reference: readonly Sample[];
  /** Median of ours over median of the reference. */
  readonly ratio: number;
}

export async function paired(
  repetitions: number,
  ours: () => Promise<Sample>,
  reference: () => Promise<Sample>,
): Promise<Paired> {
  const results = { ours: [] as Sample[], reference: [] as Sample[] };
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    results.ours.push(await ours());
    results.reference.push(await reference());
  }
  return { ...results, ratio: median(results.ours) / median(results.reference) };
}

export function median(samples: readonly Sample[]): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
