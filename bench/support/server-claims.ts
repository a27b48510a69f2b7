/** What is claimed of the server: how soon it answers, how much, and how many runs it takes. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import type { Claim } from './claims.ts';
import { run } from './references.ts';
import { serverProcess } from './server-process.ts';

const PORT = 18_871;
const READY_MS = 300;
const GETS_PER_SECOND = 2_000;
const RUNS_PER_SECOND = 100;

export const SERVER_CLAIMS: readonly Claim[] = [
  {
    name: 'start of the platform to its first answer',
    target: `≤ ${READY_MS} ms`,
    async measure({ folder, repetitions }) {
      const dataDir = join(folder, 'ready');
      // The first start makes the database and fills the compile cache.
      await (await serverProcess(dataDir, PORT))[Symbol.asyncDispose]();
      const times: number[] = [];
      for (let repetition = 0; repetition < Math.max(5, repetitions); repetition += 1) {
        await using server = await serverProcess(dataDir, PORT);
        times.push(server.readyMs);
      }
      const ms = middle(times);
      return { result: `${Math.round(ms)} ms`, met: ms <= READY_MS };
    },
  },
  {
    name: 'small GETs (an experiment by its id) by 16 clients at once',
    target: `≥ ${GETS_PER_SECOND.toLocaleString('en')} a second`,
    async measure({ folder, quick, repetitions }) {
      const seconds = quick ? 1 : 4;
      await using server = await serverProcess(join(folder, 'gets'), PORT);
      const { experiments } = (await (await fetch(`${server.url}/apis/v2beta1/experiments`)).json()) as {
        readonly experiments: readonly { readonly experiment_id: string }[];
      };
      const path = `/apis/v2beta1/experiments/${experiments[0]!.experiment_id}`;
      const body = await (await fetch(server.url + path)).text();
      const ours: number[] = [];
      const reference: number[] = [];
      for (let repetition = 0; repetition < repetitions; repetition += 1) {
        ours.push(await load(server.url + path, seconds));
        reference.push(await bareServer(body, seconds));
      }
      const perSecond = middle(ours);
      return {
        result: `${Math.round(perSecond)}/s, ${Math.round((100 * perSecond) / middle(reference))} % of a node:http server that sends the same text, with the client on the same two cores`,
        met: perSecond >= GETS_PER_SECOND,
      };
    },
  },
  {
    name: 'runs created while 100 run',
    target: `${RUNS_PER_SECOND} a second, sustained`,
    async measure({ folder, quick }) {
      const seconds = quick ? 3 : 20;
      // Steps as processes, also where there is Docker: containers are measured elsewhere, and would be left behind.
      const options = ['--executor', 'process', '--capacity', 'slots=400'];
      await using server = await serverProcess(join(folder, 'creation'), PORT, options);
      const sleeping = stepPipeline({ name: 'sleeping', steps: { sleep: { sh: 'sleep 60' } } });
      await Promise.all(Array.from({ length: 100 }, () => create(server.url, sleeping)));
      const short = stepPipeline({ name: 'short', steps: { only: { sh: 'true' } } });
      const late: number[] = [];
      const started = performance.now();
      const pending: Promise<void>[] = [];
      const count = seconds * RUNS_PER_SECOND;
      for (let index = 0; index < count; index += 1) {
        const due = started + (index * 1000) / RUNS_PER_SECOND;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
        pending.push(create(server.url, short).then(() => void late.push(performance.now() - due)));
      }
      await Promise.all(pending);
      const perSecond = count / ((performance.now() - started) / 1000);
      const p99 = late.toSorted((left, right) => left - right)[Math.floor(late.length * 0.99)]!;
      return {
        result: `${perSecond.toFixed(1)}/s, answered after ${Math.round(middle(late))} ms (p99 ${Math.round(p99)} ms)`,
        met: perSecond >= 0.98 * RUNS_PER_SECOND,
      };
    },
  },
];

async function create(url: string, spec: object): Promise<void> {
  const body = JSON.stringify({ display_name: 'r', pipeline_spec: spec });
  const response = await fetch(`${url}/apis/v2beta1/runs`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}

async function load(url: string, seconds: number): Promise<number> {
  const client = new URL('http-load.ts', import.meta.url).pathname;
  const { output } = await run(process.execPath, [client, url, String(seconds), '16']);
  return (JSON.parse(output) as { readonly perSecond: number }).perSecond;
}

/** What the runtime can do on this machine: the same answer without anything behind it. */
async function bareServer(body: string, seconds: number): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(PORT + 1, '127.0.0.1', resolve));
  try {
    return await load(`http://127.0.0.1:${PORT + 1}/`, seconds);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[sorted.length >> 1]!;
}
