import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, PLAIN, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine']);

/** Times eleven ways to end; `PIPEWRIGHT_LEAK_ROUNDS=50` makes 550 steps. */
const ROUNDS = Number(process.env['PIPEWRIGHT_LEAK_ROUNDS'] ?? 10);

async function containersOf(runId: string): Promise<readonly unknown[]> {
  const filters = JSON.stringify({ label: [`pipewright.run=${runId}`] });
  return (await api.call('GET', '/containers/json', { query: { all: true, filters } })) as readonly unknown[];
}

/** Steps that end by themselves, and how. */
function endingSteps(bench: Bench): readonly (readonly [TaskLaunch, 'succeeded' | 'failed'])[] {
  const scratch = { kind: 'emptyDir', name: 'scratch', mountPath: '/scratch', medium: 'Memory' } as const;
  return [
    [bench.step('true'), 'succeeded'],
    [withArtifact(bench.step('true'), 'data'), 'succeeded'],
    [bench.step('touch /scratch/file', { platform: { ...PLAIN, mounts: [scratch] } }), 'succeeded'],
    [bench.step('exit 3'), 'failed'],
    [bench.step('kill -KILL $$'), 'failed'],
    [bench.step('sleep 600', { timeoutMs: 200 }), 'failed'],
    [bench.step('true', { image: 'localhost:1/none' }), 'failed'],
    [bench.step('true', { command: ['no-such-program'] }), 'failed'],
  ];
}

test('docker: however many steps end however, neither a container nor a mount nor a folder is left.', { skip }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-docker-'));
  const bench = await Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300 }), { dataDir });
  try {
    // A run of its own: other tests work on the same daemon.
    const runId = `run-${dataDir.slice(-6).toLowerCase()}`;
    const inRun = (step: TaskLaunch): TaskLaunch => ({ ...step, runId });
    const rounds = Array.from({ length: ROUNDS });
    const ending = rounds.flatMap(() => endingSteps(bench)).map(([step, kind]) => [inRun(step), kind] as const);
    const atOnce = rounds.map(() => inRun(bench.step('sleep 600')));
    const running = rounds.flatMap(() => [
      inRun(bench.step('echo begun; sleep 600')),
      inRun(bench.step('trap "" TERM; echo begun; sleep 600')),
    ]);
    for (const step of [...ending.map(([step]) => step), ...atOnce, ...running]) bench.executor.launch(step);
    for (const { attemptId } of atOnce) bench.executor.cancel(attemptId);
    await Promise.all(
      running.map(async ({ attemptId }) => {
        await bench.until(() => hasBegun(logFile(dataDir, attemptId)));
        bench.executor.cancel(attemptId);
      }),
    );
    for (const [{ attemptId }, kind] of ending) assert.equal((await bench.finished(attemptId)).outcome.kind, kind);
    for (const { attemptId } of [...atOnce, ...running])
      assert.deepEqual((await bench.finished(attemptId)).outcome, { kind: 'canceled' });
    await bench.executor.stop();
    const finished = bench.observations.filter(({ kind }) => kind === 'finished');
    assert.equal(finished.length, ending.length + atOnce.length + running.length);
    assert.deepEqual(await containersOf(runId), []);
    assert.deepEqual(readdirSync(join(dataDir, 'docker')), []);
    assert(!readFileSync('/proc/mounts', 'utf8').includes(dataDir));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

function hasBegun(log: string): true | undefined {
  try {
    return readFileSync(log, 'utf8') === 'begun\n' ? true : undefined;
  } catch {
    return undefined;
  }
}
