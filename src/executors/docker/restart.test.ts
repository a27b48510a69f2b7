import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { killedEngine, readOr, scene } from '../../../test/support/killed-docker-engine.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine']);

const openIn = (dataDir: string) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300 }), { dataDir });

/** Writes `n` once the file beside its output is there; `script` runs before. */
function waiting(bench: Bench, script: string): TaskLaunch {
  const step = withArtifact(bench.step(''), 'data');
  const go = join(step.taskRoot, 'go');
  return {
    ...step,
    command: [
      'sh',
      '-c',
      `${script}; until [ -e ${go} ]; do sleep 0.02; done; echo 42 > "$0"`,
      "{{$.outputs.parameters['n'].output_file}}",
    ],
    outputs: { ...step.outputs, parameters: { n: 'NUMBER_INTEGER' } },
  };
}

async function countContainers(runId: string): Promise<number> {
  const filters = JSON.stringify({ label: [`pipewright.run=${runId}`] });
  const listed = await api.call('GET', '/containers/json', { query: { all: true, filters } });
  return (listed as readonly unknown[]).length;
}

test(
  'docker: a step that runs while the engine is killed is adopted; no line of its log is lost or doubled.',
  { skip },
  async () => {
    using world = scene();
    const draft = await openIn(world.dataDir);
    const step = { ...waiting(draft, 'for i in 1 2 3; do echo line $i; done'), runId: world.runId };
    await draft.executor.stop();
    const log = logFile(world.dataDir, step.attemptId);
    await killedEngine(world.dataDir, [step], () => readOr(log).includes('line 3'));
    await using after = await openIn(world.dataDir);
    after.executor.reattach(step);
    writeFileSync(join(step.taskRoot, 'go'), '');
    const { outcome } = await after.finished(step.attemptId);
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.deepEqual(outcome.kind === 'succeeded' && outcome.outputs.parameters, { n: 42 });
    assert.equal(readOr(log), 'line 1\nline 2\nline 3\n');
  },
);

test('docker: a step that ends while no engine runs is collected, with what it printed.', { skip }, async () => {
  using world = scene();
  const draft = await openIn(world.dataDir);
  const step = { ...draft.step('echo begun; sleep 1; echo the reason; exit 3'), runId: world.runId };
  await draft.executor.stop();
  const log = logFile(world.dataDir, step.attemptId);
  await killedEngine(world.dataDir, [step], () => readOr(log).includes('begun'));
  await using after = await openIn(world.dataDir);
  after.executor.reattach(step);
  const { outcome } = await after.finished(step.attemptId);
  assert.equal(outcome.kind, 'failed');
  assert.equal(outcome.kind === 'failed' && outcome.error.code, 3);
  assert.equal(readOr(log), 'begun\nthe reason\n');
});

test(
  'docker: what was never started is started; what was started and is gone is lost, and not run again by us.',
  { skip },
  async () => {
    using world = scene();
    await using bench = await openIn(world.dataDir);
    const fresh = { ...bench.step('echo ran'), runId: world.runId };
    bench.executor.reattach(fresh);
    assert.equal((await bench.finished(fresh.attemptId)).outcome.kind, 'succeeded');
    await bench.executor.stop();
    await using after = await openIn(world.dataDir);
    after.executor.reattach(fresh);
    const { outcome } = await after.finished(fresh.attemptId);
    assert.equal(outcome.kind === 'failed' && outcome.error.cause, 'system');
    assert.match(outcome.kind === 'failed' ? outcome.error.message : '', /container of this step is gone/);
    assert.equal(readOr(logFile(world.dataDir, fresh.attemptId)), 'ran\n');
  },
);

test('docker: containers and folders of a killed engine that no run needs any more are removed.', { skip }, async () => {
  using world = scene();
  const draft = await openIn(world.dataDir);
  const steps = [0, 1].map(() => ({ ...draft.step('echo begun; sleep 600'), runId: world.runId }));
  await draft.executor.stop();
  await killedEngine(world.dataDir, steps, () =>
    steps.every(({ attemptId }) => readOr(logFile(world.dataDir, attemptId)) !== ''),
  );
  assert.equal(await countContainers(world.runId), 2);
  const after = await openIn(world.dataDir);
  await after.run({ ...after.step('true'), attemptId: `${world.runId}.9.0`, runId: world.runId });
  await after.executor.stop();
  assert.equal(await countContainers(world.runId), 0);
  assert.deepEqual(readdirSync(join(world.dataDir, 'docker')), []);
});

/** Before a container is created, between that and its start, while it runs, and while it is removed. */
const MOMENTS_MS = [150, 250, 350, 500, 800, 4200];

test('docker: at whatever moment an engine is killed, each step runs once, and nothing is left of it.', { skip }, async () => {
  const killAt = async (momentMs: number) => {
    using world = scene();
    const draft = await openIn(world.dataDir);
    const steps = [0, 1, 2].map(() => ({ ...draft.step('echo ran; sleep 0.3'), runId: world.runId }));
    await draft.executor.stop();
    const atMs = performance.now() + momentMs;
    await killedEngine(world.dataDir, steps, () => performance.now() >= atMs);
    const after = await openIn(world.dataDir);
    for (const step of steps) after.executor.reattach(step);
    for (const { attemptId } of steps) {
      assert.equal((await after.finished(attemptId)).outcome.kind, 'succeeded', `killed after ${momentMs} ms`);
      assert.equal(readOr(logFile(world.dataDir, attemptId)), 'ran\n', `killed after ${momentMs} ms`);
    }
    await after.executor.stop();
    assert.equal(await countContainers(world.runId), 0);
    assert.deepEqual(readdirSync(join(world.dataDir, 'docker')), []);
  };
  await Promise.all(MOMENTS_MS.map(killAt));
});
