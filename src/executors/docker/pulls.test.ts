import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { fakeDocker, type FakeDocker } from '../../../test/support/fake-docker.ts';
import { systemClock } from '../../base/clock.ts';
import { openDockerExecutor } from './docker-executor.ts';

const IMAGE = 'registry.invalid/team/absent:1';
const silent = () => {};

const benchOn = ({ address }: FakeDocker, pullStallMs = 60_000) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, address, pullStallMs, environment: {} }));

const errorOf = async (bench: Bench) => {
  const { outcome } = await bench.run(bench.step('true', { image: IMAGE }));
  assert(outcome.kind === 'failed', JSON.stringify(outcome));
  return outcome.error;
};

test('docker: a pull that is never answered fails after a while, with the image and what to do.', async () => {
  await using docker = await fakeDocker(silent);
  await using bench = await benchOn(docker, 150);
  const error = await errorOf(bench);
  assert.equal(error.cause, 'input');
  assert.match(error.message, /"registry\.invalid\/team\/absent:1" could not be pulled: nothing has gone on for 0 s/);
  assert.match(error.hint!, /check the network.* docker load/);
  await bench.until(() => docker.aborted[0]);
});

test('docker: a pull that only waits and tries again has no progress; one that goes on may take its time.', async () => {
  let lines = 0;
  const repeat = (response: ServerResponse, status: () => string) => {
    const timer = setInterval(() => response.write(`${JSON.stringify({ status: status() })}\n`), 20);
    response.once('close', () => clearInterval(timer));
  };
  await using stuck = await fakeDocker((response) => repeat(response, () => 'Retrying in 5 seconds'));
  await using bench = await benchOn(stuck, 200);
  assert.match((await errorOf(bench)).message, /the last that was heard was "Retrying in 5 seconds"/);
  await using slow = await fakeDocker((response) =>
    repeat(response, () => {
      if (++lines === 25) setImmediate(() => response.end());
      return `Downloading ${lines}`;
    }),
  );
  await using other = await benchOn(slow, 200);
  assert.match((await errorOf(other)).message, /was pulled, and is not there/);
  assert(lines >= 25);
});

const REFUSALS: readonly (readonly [title: string, status: number, body: object, cause: string, hint: RegExp])[] = [
  ['a name server that does not know it', 500, { message: 'Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid: no such host' }, 'input', /check the network/],
  ['a name server that does not answer', 200, { error: 'Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid on 10.0.0.1:53: read udp: i/o timeout' }, 'input', /check the network/],
  ['a registry that refuses connections', 200, { error: 'dial tcp 127.0.0.1:5000: connect: connection refused' }, 'input', /check the network/],
  ['a registry without the tag', 404, { message: 'manifest for registry.invalid/team/absent:1 not found' }, 'input', /the name and the tag/],
  ['a registry that wants a login', 200, { error: 'pull access denied for absent, repository does not exist' }, 'input', /docker login/],
  ['a registry that is not well', 200, { error: 'received unexpected HTTP status: 503 Service Unavailable' }, 'system', /later/],
]; // prettier-ignore

for (const [title, status, body, cause, hint] of REFUSALS) {
  test(`docker: the error of a pull says what was answered: ${title}.`, async () => {
    await using docker = await fakeDocker((response) => response.writeHead(status).end(`${JSON.stringify(body)}\n`));
    await using bench = await benchOn(docker);
    const error = await errorOf(bench);
    assert.equal(error.cause, cause);
    assert(error.message.startsWith(`the image "${IMAGE}" could not be pulled: ${Object.values(body)[0]}`), error.message);
    assert.match(error.hint!, hint);
    assert.equal(docker.pulls.length, 1);
  });
}

test('docker: a pull whose connection breaks each time is not tried for ever.', async () => {
  await using docker = await fakeDocker((response) => response.destroy());
  await using bench = await benchOn(docker);
  const error = await errorOf(bench);
  assert.equal(error.cause, 'system');
  assert.match(error.hint!, /journalctl/);
  assert.equal(docker.pulls.length, 3);
});

test('docker: steps of one image share its pull, which ends when the last of them is cancelled.', async () => {
  await using docker = await fakeDocker(silent);
  await using bench = await benchOn(docker);
  // More than can be started at once: a pull keeps nobody from starting.
  const steps = Array.from({ length: 40 }, () => bench.step('true', { image: IMAGE }));
  for (const step of steps) bench.executor.launch(step);
  await bench.until(() => docker.pulls[0]);
  const other = bench.step('true', { image: 'registry.invalid/other' });
  bench.executor.launch(other);
  await bench.until(() => docker.pulls.find((image) => image.startsWith('registry.invalid/other')));
  const [last, ...rest] = steps;
  for (const { attemptId } of rest) bench.executor.cancel(attemptId);
  for (const { attemptId } of rest) assert.deepEqual((await bench.finished(attemptId)).outcome, { kind: 'canceled' });
  assert.deepEqual(docker.aborted, []);
  bench.executor.cancel(last!.attemptId);
  assert.deepEqual((await bench.finished(last!.attemptId)).outcome, { kind: 'canceled' });
  await bench.until(() => docker.aborted[0]);
  assert.deepEqual(docker.aborted, [IMAGE]);
  assert.deepEqual(docker.pulls, [IMAGE, 'registry.invalid/other:latest']);
});

test('docker: an executor that is stopped during a pull ends at once, and leaves no folder of a cancelled step.', async () => {
  await using docker = await fakeDocker(silent);
  await using bench = await benchOn(docker);
  bench.executor.launch(bench.step('true', { image: IMAGE }));
  await bench.until(() => docker.pulls[0]);
  await bench.executor.stop({ cancelRunning: true });
  await bench.until(() => docker.aborted[0]);
  assert.deepEqual(readdirSync(join(bench.dataDir, 'docker')), []);
});
