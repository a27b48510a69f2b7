import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import { openProcessExecutor } from './process-executor.ts';

const MIB = 2 ** 20;
const open = (kind: string) => (host: Parameters<Parameters<typeof Bench.open>[0]>[0]) =>
  openProcessExecutor({ ...host, clock: systemClock, environment: { ...process.env, PIPEWRIGHT_FORKSERVER: kind } });

test('what a step used is recorded, children that it waited for included, also when it fails', async () => {
  await using bench = await Bench.open(open('python'));
  // tail has to keep all of a text without line ends.
  const greedy = 'head -c 80000000 /dev/zero | tail | wc -c';
  for (const script of [greedy, `${greedy}; exit 3`]) {
    const launch = bench.step(script);
    bench.executor.launch(launch);
    const { outcome } = await bench.finished(launch.attemptId);
    assert(outcome.kind !== 'canceled' && outcome.use);
    assert(outcome.use.peakMemoryBytes > 70 * MIB, `${outcome.use.peakMemoryBytes} bytes`);
    assert(outcome.use.cpuMs > 1, `${outcome.use.cpuMs} ms`);
  }
});

test('a fork-server that cannot measure says nothing, instead of nothing used', async () => {
  await using bench = await Bench.open(open('node'));
  const launch = bench.step('true');
  bench.executor.launch(launch);
  const { outcome } = await bench.finished(launch.attemptId);
  assert(outcome.kind === 'succeeded');
  assert.equal(outcome.use, undefined);
});
