/** What is claimed of the graph and the log of the dashboard, measured in a headless Chromium on pages of a real server. */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildWeb } from '../../scripts/build-web.ts';
import { stepPipeline, type StepDescription } from '../../test/support/step-pipeline.ts';
import { chromiumPath, openBrowser } from '../../test/web/support/browser.ts';
import type { Claim, Measured, Measuring } from './claims.ts';
import { changeStates, markPaint, panGraph } from './graph-probes.ts';
import { serverProcess } from './server-process.ts';

const PORT = 18_873;
const PAINT_MS = 500;
const FRAMES_PER_SECOND = 50;
const LONG_TASK_MS = 100;
const UPDATES_PER_SECOND = 1_000;
const LOG_LINES = 200_000;
const LOG_MS = 150;
const LOG_MB = 60;
const NO_BROWSER: Measured = { result: 'not measured: there is no Chromium', met: false };

export const GRAPH_CLAIMS: readonly Claim[] = [
  graphClaim('50 layers of 100', layers),
  graphClaim('1 → 4,998 → 1', wide),
  {
    name: `a log of ${LOG_LINES.toLocaleString('en')} lines opened at its end`,
    target: `≤ ${LOG_MS} ms, ≤ ${LOG_MB} MB`,
    measure: async ({ folder, quick }) => await measureLog(join(folder, 'log'), quick ? LOG_LINES / 10 : LOG_LINES),
  },
  {
    name: 'a log of 1 GB opened at its end',
    target: `≤ ${LOG_MS} ms, ≤ ${LOG_MB} MB`,
    measure: async ({ folder, quick }) => await measureLog(join(folder, 'large-log'), quick ? 100_000 : 12_500_000),
  },
];

type Steps = Readonly<Record<string, StepDescription>>;

const say: StepDescription = { sh: 'echo done' };

function layers(size: number): Steps {
  const width = 100;
  const entries = Array.from({ length: size }, (_, index): [string, StepDescription] => {
    const at = index % width;
    const layer = Math.floor(index / width);
    const before = [at, (at * 7 + 13) % width].map((place) => `step-${(layer - 1) * width + place}`);
    return [`step-${index}`, { ...say, after: layer === 0 ? [] : [...new Set(before)] }];
  });
  return Object.fromEntries(entries);
}

function wide(size: number): Steps {
  const middle = Array.from({ length: size - 2 }, (_, index) => `step-${index}`);
  return Object.fromEntries([
    ['first', say],
    ...middle.map((name) => [name, { ...say, after: ['first'] }] as const),
    ['last', { ...say, after: middle }],
  ]);
}

function graphClaim(shape: string, steps: (size: number) => Steps): Claim {
  return {
    name: `a run of 5,000 tasks as a graph, ${shape}`,
    target: `painted ≤ ${PAINT_MS} ms after its data, ≥ ${FRAMES_PER_SECOND} frames/s while panning, ${UPDATES_PER_SECOND.toLocaleString('en')} updates/s without a task over ${LONG_TASK_MS} ms`,
    measure: async ({ folder, quick, repetitions }) =>
      await measureGraph(join(folder, shape.replaceAll(/\W+/g, '-')), steps(quick ? 500 : 5_000), { repetitions }),
  };
}

async function measureGraph(dataDir: string, steps: Steps, { repetitions }: Pick<Measuring, 'repetitions'>): Promise<Measured> {
  if (chromiumPath === undefined) return NO_BROWSER;
  const { folder: webDir } = await buildWeb();
  await using server = await serverProcess(dataDir, PORT, ['--executor', 'nope', '--web', webDir]);
  const runId = await runPipeline(server.url, JSON.stringify(stepPipeline({ name: 'large', steps })));
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const paints: number[] = [];
    for (let repetition = 0; repetition < Math.max(3, repetitions); repetition += 1)
      paints.push(await paintTime(page, server.url, runId));
    const { framesPerSecond, idleFramesPerSecond } = await panGraph(page);
    const { longestTaskMs, updates } = await changeStates(page, server.url, runId, UPDATES_PER_SECOND);
    const painted = middle(paints);
    return {
      result: `painted in ${Math.round(painted)} ms, ${Math.round(framesPerSecond)} frames/s (the page at rest: ${Math.round(idleFramesPerSecond)}), longest task ${Math.round(longestTaskMs)} ms during ${updates.toLocaleString('en')} updates`,
      met: painted <= PAINT_MS && framesPerSecond >= FRAMES_PER_SECOND && longestTaskMs <= LONG_TASK_MS,
    };
  } finally {
    await browser.close();
  }
}

/** From a click on the run in a page that is open to its nodes being on the screen. */
async function paintTime(page: Page, url: string, runId: string): Promise<number> {
  await page.goto(`${url}/runs`);
  await page.getByRole('row', { name: /bench/ }).first().waitFor();
  return await markPaint(page, runId);
}

async function measureLog(dataDir: string, lines: number): Promise<Measured> {
  if (chromiumPath === undefined) return NO_BROWSER;
  const { folder: webDir } = await buildWeb();
  await using server = await serverProcess(dataDir, PORT, ['--web', webDir]);
  const runId = await runPipeline(server.url, JSON.stringify(stepPipeline({ name: 'log', steps: { say } })));
  await writeLog(join(dataDir, 'logs', runId), lines);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const times: number[] = [];
    for (let repetition = 0; repetition < 3; repetition += 1) times.push(await openLog(page, server.url, runId, lines));
    const mb = await heapMb(page);
    const ms = middle(times);
    return { result: `${Math.round(ms)} ms, heap of the page ${Math.round(mb)} MB`, met: ms <= LOG_MS && mb <= LOG_MB };
  } finally {
    await browser.close();
  }
}

/** From the click on "Logs" to the last line being on the screen. */
async function openLog(page: Page, url: string, runId: string, lines: number): Promise<number> {
  await page.goto(`${url}/runs/${runId}?task=/say`);
  await page.getByRole('button', { name: 'Logs' }).waitFor();
  return await page.evaluate<number>(`(async () => {
    const started = performance.now();
    [...document.querySelectorAll('button')].find((button) => button.textContent === 'Logs').click();
    const last = 'line ${lines - 1} ';
    while (!document.querySelector('[role=log]')?.textContent.includes(last)) await new Promise(requestAnimationFrame);
    return performance.now() - started;
  })()`);
}

async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return (usedSize + backingStorageSize) / 1_048_576;
}

/** Replaces the log of the run's only step. */
async function writeLog(folder: string, lines: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = await open(join(folder, '1.0.log'), 'w');
  try {
    const text = 'and some more that a training step prints while it is at work';
    for (let from = 0; from < lines; from += 50_000) {
      const count = Math.min(50_000, lines - from);
      await file.write(Array.from({ length: count }, (_, index) => `line ${from + index} ${text}\n`).join(''));
    }
  } finally {
    await file.close();
  }
}

async function runPipeline(url: string, pipeline: string): Promise<string> {
  const form = new FormData();
  form.append('uploadfile', new Blob([pipeline]), 'pipeline.json');
  const uploaded = (await (
    await fetch(`${url}/apis/v2beta1/pipelines/upload?name=bench-${performance.now()}`, { method: 'POST', body: form })
  ).json()) as {
    readonly pipeline_id: string;
  };
  const response = await fetch(`${url}/apis/v2beta1/runs`, {
    method: 'POST',
    body: JSON.stringify({ display_name: 'bench', pipeline_version_reference: { pipeline_id: uploaded.pipeline_id } }),
  });
  const { run_id: runId } = (await response.json()) as { readonly run_id: string };
  for (;;) {
    const { state } = (await (await fetch(`${url}/apis/v2beta1/runs/${runId}`)).json()) as { readonly state: string };
    if (state === 'SUCCEEDED') return runId;
    if (state === 'FAILED') throw new Error('the run to be shown has failed');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}
