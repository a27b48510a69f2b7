import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttemptRow, RunRow, TaskRow } from '../model/run.ts';
import { suggestedRequests } from './suggested-requests.ts';

const MIB = 2 ** 20;

/** Runs with the attempts given as `[path, peak MiB, CPU ms, duration ms, state]`. */
function storeOf(runs: Readonly<Record<string, readonly (readonly [string, number | null, number, number, string?])[]>>) {
  const entries = Object.entries(runs);
  const rows = (runId: string) => runs[runId]!;
  return {
    listRuns: async () => entries.map(([runId]) => ({ runId, pipelineName: runId[0] === 'x' ? 'other' : 'mine' }) as RunRow),
    listTasks: async (runId: string) => rows(runId).map(([path], task) => ({ runId, task, path }) as TaskRow),
    listAttempts: async (runId: string) =>
      rows(runId).map(
        ([, peak, cpuMs, durationMs, state = 'SUCCEEDED'], task) =>
          ({
            task,
            state,
            startedAtMs: 1000,
            endedAtMs: 1000 + durationMs,
            cpuMs: peak === null ? null : cpuMs,
            peakMemoryBytes: peak === null ? null : peak * MIB,
          }) as AttemptRow,
      ),
  };
}

test('a step is suggested what nearly all of its attempts used, with a margin; iterations count together', async () => {
  const iterations = Array.from(
    { length: 100 },
    (_, index) => [`/loop[${index}]/in`, index < 96 ? 100 : 900, 500, 1000] as const,
  );
  const store = storeOf({ a: iterations, b: [['/train', 200, 3000, 2000]], x: [['/train', 5000, 1, 1]] });
  assert.deepEqual(await suggestedRequests({ store }, 'mine'), [
    { path: '/loop/in', attempts: 100, peakMemoryBytes: 100 * MIB, cpuMillis: 500, request: { cpu: '650m', memory: '128Mi' } },
    { path: '/train', attempts: 1, peakMemoryBytes: 200 * MIB, cpuMillis: 1500, request: { cpu: '1900m', memory: '256Mi' } },
  ]);
});

test('failed attempts and those that were not measured are left out; very short steps ask for a little', async () => {
  const store = storeOf({
    a: [
      ['/bad', 100, 1, 1, 'FAILED'],
      ['/unmeasured', null, 1, 1],
      ['/short', 1, 2, 1],
    ],
  });
  const rows = await suggestedRequests({ store }, 'mine');
  assert.deepEqual(
    rows.map(({ path, request }) => [path, request]),
    [['/short', { cpu: '50m', memory: '16Mi' }]],
  );
});
