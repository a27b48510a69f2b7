/** What is claimed, how it is measured, and when the claim holds. */
import { median, paired, type Sample } from './paired.ts';
import { bareForks, bareSpawns, buildBurn, makeFanOut, ninjaChain, run } from './references.ts';
import type { Workload } from './worker.ts';

export interface Measuring {
  readonly folder: string;
  readonly noop: string;
  readonly quick: boolean;
  readonly repetitions: number;
}

export interface Measured {
  readonly result: string;
  readonly met: boolean;
  readonly remark?: string;
}

export interface Claim {
  readonly name: string;
  readonly target: string;
  measure(context: Measuring): Promise<Measured>;
}

const MB = 1_048_576;

async function work(folder: string, workload: Workload): Promise<Sample> {
  const worker = new URL('worker.ts', import.meta.url).pathname;
  // As the command line runs it: compiled modules are kept between starts.
  const cache = new URL('../../scripts/compile-cache.mjs', import.meta.url).href;
  const { output } = await run(process.execPath, ['--import', cache, '--expose-gc', worker, JSON.stringify(workload), folder]);
  const { ms = 0, ...detail } = JSON.parse(output) as Record<string, number>;
  return { ms, detail };
}

const peakMb = (samples: readonly Sample[]): number =>
  Math.round(Math.max(...samples.map(({ detail }) => detail?.['peakRssBytes'] ?? 0)) / MB);
const round = (value: number, digits = 2): string => value.toFixed(digits);

export const CLAIMS: readonly Claim[] = [
  {
    name: 'fan-out of 10,000 steps with a join, every step recorded, against make -j2',
    target: '≤ 1.6 × (stretch 1.0), engine ≤ 400 MB',
    async measure({ folder, noop, quick, repetitions }) {
      const size = quick ? 1_000 : 10_000;
      const { ours, reference, ratio } = await paired(
        repetitions,
        () => work(folder, { workload: 'fan-out', size, noop }),
        () => makeFanOut(folder, size, noop),
      );
      const memory = peakMb(ours);
      const perSecond = Math.round((size / median(ours)) * 1000);
      return {
        result: `${round(ratio)} × make (${perSecond} steps/s; make ${Math.round((size / median(reference)) * 1000)}/s), engine at most ${memory} MB`,
        met: ratio <= 1.6 && memory <= 400,
      };
    },
  },
  {
    name: 'chain of 1,000 steps against ninja',
    target: '≤ 1.3 × (stretch 1.0)',
    async measure({ folder, noop, quick, repetitions }) {
      const size = quick ? 200 : 1_000;
      const { ours, ratio } = await paired(
        repetitions,
        () => work(folder, { workload: 'chain', size, noop }),
        () => ninjaChain(folder, size, noop),
      );
      return { result: `${round(ratio)} × ninja (${round(median(ours) / size)} ms a step)`, met: ratio <= 1.3 };
    },
  },
  {
    name: 'overhead of one binary step over a bare spawn',
    target: '≤ 2.5 ms',
    async measure({ folder, noop, quick, repetitions }) {
      const size = quick ? 100 : 300;
      const { ours, reference } = await paired(
        repetitions,
        () => work(folder, { workload: 'chain', size, noop }),
        () => bareSpawns(folder, size, noop),
      );
      const overhead = (median(ours) - median(reference)) / size;
      return { result: `${round(overhead)} ms over ${round(median(reference) / size)} ms`, met: overhead <= 2.5 };
    },
  },
  {
    name: 'overhead of a warm lightweight Python step over a bare fork of a warm interpreter',
    target: '≤ 15 ms',
    async measure({ folder, quick, repetitions }) {
      const size = quick ? 20 : 100;
      const { ours, reference } = await paired(
        repetitions,
        () => work(folder, { workload: 'python', size }),
        () => bareForks(size),
      );
      const overhead = (median(ours) - median(reference)) / size;
      return { result: `${round(overhead)} ms over ${round(median(reference) / size)} ms`, met: overhead <= 15 };
    },
  },
  cachedClaim('cached-chain', 1_000, 50),
  cachedClaim('cached-fan-out', 10_000, 300),
  {
    name: 'a 10 GB artifact handed from one step to the next',
    target: '≤ 5 ms over the hand-over of two steps without it, no copy',
    async measure({ folder, quick, repetitions }) {
      const bytes = quick ? 100 * MB : 10 * 1024 * MB;
      const { ours, reference } = await paired(
        repetitions,
        () => work(folder, { workload: 'hand-off', bytes }),
        () => work(folder, { workload: 'hand-off', bytes: 1 }),
      );
      const overhead = median(ours) - median(reference);
      const extra = Math.max(...ours.map(({ detail }) => (detail?.['diskBytes'] ?? 0) - bytes));
      return {
        result: `${round(overhead)} ms more than a 1-byte artifact (end of one step to start of the next: ${round(median(ours))} ms), ${Math.round(extra / MB)} MB more on disk`,
        met: overhead <= 5 && extra < 64 * MB,
      };
    },
  },
  {
    name: '1,000 steps with mixed requests of CPU and memory',
    target: 'cores ≥ 90 % busy and promised, never more promised than there is',
    async measure({ folder, quick, repetitions }) {
      const burn = await buildBurn(folder);
      const samples: Sample[] = [];
      for (let index = 0; index < repetitions; index += 1)
        samples.push(await work(folder, { workload: 'mixed', size: quick ? 200 : 1_000, burn }));
      const figure = (name: string) => median(samples.map(({ detail }) => ({ ms: detail?.[name] ?? 0 })));
      const [busy, held, used] = [figure('busy'), figure('held'), figure('usedBySteps')];
      const promised = Math.max(...samples.map(({ detail }) => detail?.['promised'] ?? Number.POSITIVE_INFINITY));
      const percent = (share: number) => `${round(share * 100, 0)} %`;
      return {
        result: `cores ${percent(busy)} busy (${percent(used)} with steps) in the time other programs left, ${percent(held)} promised on average and ${percent(promised)} at most`,
        met: busy >= 0.9 && held >= 0.9 && promised <= 1,
      };
    },
  },
  {
    name: 'memory of the idle engine',
    target: '≤ 90 MB',
    async measure({ folder, repetitions }) {
      await work(folder, { workload: 'idle' }); // Fills the compile cache: the very first start after an install holds the compiler too.
      const samples: Sample[] = [];
      for (let index = 0; index < repetitions; index += 1) samples.push(await work(folder, { workload: 'idle' }));
      const mb = Math.round(Math.max(...samples.map(({ detail }) => detail?.['rssBytes'] ?? 0)) / MB);
      return { result: `${mb} MB`, met: mb <= 90 };
    },
  },
];

function cachedClaim(workload: 'cached-chain' | 'cached-fan-out', size: number, targetMs: number): Claim {
  return {
    name: `${workload.replaceAll('-', ' ')} of ${size.toLocaleString('en')} steps, run again`,
    target: `≤ ${targetMs} ms from handing it in to its recorded end`,
    async measure({ folder, noop, quick, repetitions }) {
      const samples: Sample[] = [];
      for (let index = 0; index < repetitions; index += 1)
        samples.push(await work(folder, { workload, size: quick ? size / 10 : size, noop }));
      return { result: `${round(median(samples), 0)} ms`, met: median(samples) <= targetMs };
    },
  };
}
