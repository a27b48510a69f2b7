import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { noPrivateDockerd, PrivateDockerd } from '../../../test/support/private-dockerd.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const shared = await dockerForTests(['alpine']);
const skip = shared.skip || noPrivateDockerd();

const benchOn = ({ address }: PrivateDockerd, outageMs: number) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, address, outageMs }));

/** Waits until the step has printed something. */
const begun = (bench: Bench, { attemptId }: TaskLaunch) =>
  bench.until(() => {
    const log = logFile(bench.dataDir, attemptId);
    return existsSync(log) && readFileSync(log, 'utf8') !== '' ? true : undefined;
  });

test('docker: a daemon that is stopped and started again takes its steps down, which is not their fault.', { skip }, async () => {
  await using dockerd = new PrivateDockerd();
  await dockerd.start();
  await dockerd.load(shared.api, 'alpine');
  await using bench = await benchOn(dockerd, 60_000);
  const step = bench.step('trap "exit 0" TERM; echo begun; while :; do sleep 0.1; done');
  bench.executor.launch(step);
  await begun(bench, step);
  await dockerd.stop('SIGTERM');
  const late = bench.step('echo late');
  bench.executor.launch(late);
  await dockerd.start();
  const { outcome } = await bench.finished(step.attemptId);
  assert(outcome.kind === 'failed' && outcome.error.cause === 'system', JSON.stringify(outcome));
  assert.match(outcome.error.message, /ended from outside .*the Docker daemon was stopped/);
  assert.equal((await bench.finished(late.attemptId)).outcome.kind, 'succeeded');
  assert(bench.observations.some((seen) => seen.kind === 'note' && /does not answer/.test(seen.message)));
});

test('docker: a daemon that is killed and lets containers go on loses neither their end nor a line.', { skip }, async () => {
  await using dockerd = new PrivateDockerd();
  await dockerd.start({ keepsContainers: true });
  await dockerd.load(shared.api, 'alpine');
  await using bench = await benchOn(dockerd, 60_000);
  const step = bench.step('i=0; while [ $i -lt 40 ]; do echo line $i; i=$((i+1)); sleep 0.1; done');
  bench.executor.launch(step);
  await begun(bench, step);
  await dockerd.stop('SIGKILL');
  await dockerd.start({ keepsContainers: true });
  const { outcome } = await bench.finished(step.attemptId);
  assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  const expected = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('');
  assert.equal(readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8'), expected);
});

test('docker: a daemon that stays away fails its steps with what to do, after a while.', { skip }, async () => {
  await using dockerd = new PrivateDockerd();
  await dockerd.start({ keepsContainers: true });
  await dockerd.load(shared.api, 'alpine');
  await using bench = await benchOn(dockerd, 1000);
  const step = bench.step('echo begun; sleep 600');
  bench.executor.launch(step);
  await begun(bench, step);
  await dockerd.stop('SIGKILL');
  const { outcome } = await bench.finished(step.attemptId);
  assert(outcome.kind === 'failed' && outcome.error.cause === 'system', JSON.stringify(outcome));
  assert.match(outcome.error.message, /the Docker daemon has not answered for 1 s/);
  // So that its container can be removed.
  await dockerd.start({ keepsContainers: true });
});

test(
  'docker: a daemon and an engine that are killed at once: what the daemon took down is not the step’s fault.',
  { skip },
  async () => {
    await using dockerd = new PrivateDockerd();
    await dockerd.start();
    await dockerd.load(shared.api, 'alpine');
    const first = await benchOn(dockerd, 60_000);
    const step = first.step('echo begun; sleep 600');
    first.executor.launch(step);
    await begun(first, step);
    // An engine that lets go has no more say than one that was killed.
    await first.executor.stop();
    await dockerd.stop('SIGKILL');
    await dockerd.start();
    using _folder = { [Symbol.dispose]: () => rmSync(first.dataDir, { recursive: true }) };
    await using after = await Bench.open(
      (host) => openDockerExecutor({ ...host, clock: systemClock, address: dockerd.address }),
      { dataDir: first.dataDir },
    );
    after.executor.reattach(step);
    const { outcome } = await after.finished(step.attemptId);
    assert(outcome.kind === 'failed' && outcome.error.cause === 'system', JSON.stringify(outcome));
    assert.match(outcome.error.message, /ended from outside/);
  },
);

/** So that a daemon that is frozen is noticed soon. */
const silence = { everyMs: 200, answerMs: 800 };

const frozenBench = ({ address }: PrivateDockerd, outageMs: number) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, address, outageMs, silence }));

test('docker: a daemon that does not answer for a while, and then goes on, costs its steps nothing.', { skip }, async () => {
  await using dockerd = new PrivateDockerd();
  await dockerd.start();
  await dockerd.load(shared.api, 'alpine');
  await using bench = await frozenBench(dockerd, 60_000);
  const steps = [0, 1].map(() => bench.step('i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); sleep 0.1; done'));
  for (const step of steps) bench.executor.launch(step);
  for (const step of steps) await begun(bench, step);
  dockerd.freeze();
  const late = bench.step('echo late');
  bench.executor.launch(late);
  await bench.until(() => bench.observations.find((seen) => seen.kind === 'note' && /does not answer/.test(seen.message)));
  const cancelled = steps.pop()!;
  bench.executor.cancel(cancelled.attemptId);
  dockerd.goOn();
  for (const { attemptId } of [...steps, late]) {
    const { outcome } = await bench.finished(attemptId);
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  }
  assert.deepEqual((await bench.finished(cancelled.attemptId)).outcome, { kind: 'canceled' });
  const expected = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('');
  assert.equal(readFileSync(logFile(bench.dataDir, steps[0]!.attemptId), 'utf8'), expected);
});

test(
  'docker: a daemon that does not answer any more holds up neither the cancelling of a step nor its failure.',
  { skip },
  async () => {
    await using dockerd = new PrivateDockerd();
    await dockerd.start();
    await dockerd.load(shared.api, 'alpine');
    await using bench = await frozenBench(dockerd, 500);
    const [running, cancelled] = [0, 1].map(() => bench.step('echo begun; sleep 600')) as [TaskLaunch, TaskLaunch];
    for (const step of [running, cancelled]) bench.executor.launch(step);
    for (const step of [running, cancelled]) await begun(bench, step);
    dockerd.freeze();
    bench.executor.cancel(cancelled.attemptId);
    assert.deepEqual((await bench.finished(cancelled.attemptId)).outcome, { kind: 'canceled' });
    const { outcome } = await bench.finished(running.attemptId);
    assert(outcome.kind === 'failed' && outcome.error.cause === 'system', JSON.stringify(outcome));
    assert.match(outcome.error.message, /the Docker daemon has not answered for/);
    dockerd.goOn();
    // The containers that could not be removed are, when it answers again.
    await bench.executor.stop();
    assert.deepEqual(await dockerd.api.call('GET', '/containers/json', { query: { all: true } }), []);
  },
);
