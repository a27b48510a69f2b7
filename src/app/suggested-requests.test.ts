import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { readPipeline } from '../ir/read.ts';
import type { AttemptRow, RunRow, TaskRow } from '../model/run.ts';
import { pythonRequest, suggestedRequests } from './suggested-requests.ts';

const MIB = 2 ** 20;

type Attempt = readonly [path: string, peakMib: number | null, cpuMs: number, durationMs: number, end?: 'FAILED' | 'OOMKilled'];

/** The steps of the pipeline, by name what they run. */
function documentOf(steps: Readonly<Record<string, string>>, memoryLimit = '') {
  const resources = memoryLimit === '' ? {} : { resources: { resourceMemoryLimit: memoryLimit } };
  const described = Object.fromEntries(Object.entries(steps).map(([name, sh]) => [name, { sh, ...resources }]));
  return readPipeline(JSON.stringify(stepPipeline({ steps: described })));
}

const NOW = documentOf({ train: 'train', short: 'short' });

/** Runs of the pipeline, the newest first; `old` ones ran another version of it, and `tight` ones had a limit of 64Mi. */
function sourceOf(runs: Readonly<Record<string, readonly Attempt[]>>) {
  const old = documentOf({ train: 'train --slowly', short: 'short' });
  const tight = documentOf({ train: 'train', short: 'short' }, '64Mi');
  return {
    runs: Object.keys(runs).map((runId) => ({ runId, documentDigest: runId.replace(/\d/, '') }) as RunRow),
    pipeline: async (digest: string) => ({ old, tight })[digest] ?? NOW,
    store: {
      listTasks: async (runId: string) => runs[runId]!.map(([path], task) => ({ runId, task, path }) as TaskRow),
      listAttempts: async (runId: string) => runs[runId]!.map((attempt, task) => attemptRow(task, attempt)),
    },
  };
}

function attemptRow(task: number, [, peak, cpuMs, durationMs, end]: Attempt): AttemptRow {
  return {
    task,
    state: end === undefined ? 'SUCCEEDED' : 'FAILED',
    error: end === undefined ? null : { code: 137, cause: 'step', message: '', ...(end === 'OOMKilled' ? { reason: end } : {}) },
    startedAtMs: 1000,
    endedAtMs: 1000 + durationMs,
    cpuMs: peak === null ? null : cpuMs,
    peakMemoryBytes: peak === null ? null : peak * MIB,
  } as AttemptRow;
}

const times = (count: number, attempt: Attempt): Attempt[] => Array.from({ length: count }, () => attempt);

/** CPU and memory of the request for `/train`, and by how many attempts. */
async function suggested(runs: Readonly<Record<string, readonly Attempt[]>>): Promise<string> {
  const [row] = await suggestedRequests(sourceOf(runs), NOW);
  return row ? `${row.request.cpu} ${row.request.memory} by ${row.attempts}${row.isOlder ? ' older' : ''}` : 'none';
}

const ROWS: readonly (readonly [title: string, Readonly<Record<string, readonly Attempt[]>>, expected: string])[] = [
  ['a quarter more than was used', { a: times(8, ['/train', 100, 1000, 2000]) }, '650m 128Mi by 8'],
  ['half more after few attempts', { a: [['/train', 100, 1000, 2000]] }, '750m 160Mi by 1'],
  [
    'memory for the largest, processors for nearly all',
    { a: [...times(97, ['/train', 100, 1000, 2000]), ...times(3, ['/train', 900, 8000, 2000])] },
    '650m 1136Mi by 100',
  ],
  ['a little for what is over at once', { a: times(5, ['/train', 1, 40, 2]) }, '50m 16Mi by 5'],
  [
    'nothing from failures and what was not measured',
    {
      a: [
        ['/train', 9, 9, 9, 'FAILED'],
        ['/train', null, 0, 9],
      ],
    },
    'none',
  ],
  [
    'more than was too little',
    { a: [['/train', 64, 100, 1000, 'OOMKilled']], b: times(9, ['/train', 40, 100, 1000]) },
    '150m 128Mi by 10',
  ],
  [
    'half more than a large amount that was too little, also when nothing has succeeded',
    { a: [['/train', 1024, 100, 1000, 'OOMKilled']] },
    '150m 1536Mi by 1',
  ],
  [
    'more than the limit that an attempt came to, though it succeeded',
    { tight: [['/train', 63.5, 100, 1000]] },
    '150m 128Mi by 1',
  ],
  ['what an attempt used that nobody held to its limit', { tight: times(5, ['/train', 200, 100, 1000]) }, '150m 256Mi by 5'],
  [
    'what was enough, where less was too little before',
    { a: times(8, ['/train', 300, 100, 1000]), b: [['/train', 64, 100, 1000, 'OOMKilled']] },
    '150m 384Mi by 9',
  ],
  [
    'only what this version of the component used',
    { now: times(5, ['/train', 100, 1000, 2000]), old: times(9, ['/train', 900, 9000, 1000]) },
    '650m 128Mi by 5',
  ],
  [
    'what earlier versions used, as long as this one has not run',
    { old: times(5, ['/train', 100, 1000, 2000]) },
    '650m 128Mi by 5 older',
  ],
];

for (const [title, runs, expected] of ROWS) {
  test(`a step is suggested ${title}`, async () => assert.equal(await suggested(runs), expected));
}

test('iterations count together, in the order of paths', async () => {
  const loops: Attempt[] = [0, 1, 2, 3, 4].map((index) => [`/loop[${index}]/in`, 100 + index, 500, 1000]);
  const rows = await suggestedRequests(sourceOf({ a: [...loops, ['/a', 1, 1, 1]], b: loops }), NOW);
  assert.deepEqual(
    rows.map(({ path, attempts, peakMemoryBytes, cpuMillis }) => [path, attempts, peakMemoryBytes / MIB, cpuMillis]),
    [['/a', 1, 1, 1], ['/loop/in', 10, 104, 500]], // prettier-ignore
  );
});

test('a request is written as Python appends it to the call of a component', () => {
  assert.equal(pythonRequest({ cpu: '650m', memory: '128Mi' }), ".set_cpu_request('650m').set_memory_request('128Mi')");
});

test('of wide runs only the latest are read', async () => {
  const wide = Array.from({ length: 6000 }, (_, index): Attempt => [`/loop[${index}]/in`, 10, 5, 5]);
  const [row] = await suggestedRequests(sourceOf({ a: wide, b: wide }), NOW);
  assert.equal(row!.attempts, 6000);
});
