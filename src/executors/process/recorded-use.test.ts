import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import type { ResourceUse } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
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

async function useOf(bench: Bench, step: TaskLaunch): Promise<ResourceUse> {
  const { outcome } = await bench.finished(step.attemptId);
  assert(outcome.kind === 'succeeded' && outcome.use, JSON.stringify(outcome));
  return outcome.use;
}

/** A Python program that holds so much for a while; `then` goes before the wait. */
const holding = (mebibytes: number, then: string) =>
  ['import os, signal, time', `held = bytearray(b"x") * (${mebibytes} << 20)`, then, 'time.sleep(0.5)'].join('\n');

const CANNOT_LOOK =
  !existsSync(`/proc/self/task/${process.pid}/children`) && 'this system does not tell the children of a process';

const TREES: readonly (readonly [title: string, program: string, least: number, most: number])[] = [
  ['what processes hold at the same time is added up', holding(1, '[os.fork() and held.extend(b"x" * (40 << 20)) for _ in range(2)]; held.extend(b"y" * (40 << 20))'), 120, 260], // prettier-ignore
  ['what forked processes share is counted once', holding(120, '[os.fork() for _ in range(2)]'), 120, 200],
  ['processes that nobody waits for count', 'import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n' + holding(1, 'os.fork() or held.extend(b"x" * (90 << 20))'), 90, 150], // prettier-ignore
];

for (const [title, program, least, most] of TREES) {
  test(`of a step that starts others, ${title}`, { skip: CANNOT_LOOK }, async () => {
    await using bench = await Bench.open(open('python'));
    const step = { ...bench.step(''), command: ['python3', '-c', program] };
    bench.executor.launch(step);
    const { peakMemoryBytes } = await useOf(bench, step);
    assert(peakMemoryBytes > least * MIB && peakMemoryBytes < most * MIB, `${peakMemoryBytes / MIB} MiB`);
  });
}

test('what a step used is recorded by the server that adopts it, and of one that ended in between', async () => {
  await using after = await Bench.open(open('python'));
  const before = await Bench.open(open('python'), { dataDir: after.dataDir });
  const running = after.step('head -c 60000000 /dev/zero | tail | wc -c; until [ -e ../../go ]; do sleep 0.02; done');
  const ended = after.step('head -c 60000000 /dev/zero | tail | wc -c; echo > ../../go');
  for (const step of [running, ended]) before.executor.launch(step);
  await before.until(() => (existsSync(join(after.dataDir, 'go')) ? true : undefined));
  await before.executor.stop();
  for (const step of [running, ended]) {
    after.executor.reattach(step);
    assert((await useOf(after, step)).peakMemoryBytes > 50 * MIB);
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
