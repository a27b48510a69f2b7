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

interface Crowd {
  /** Held by the first process before it starts the others, which share it. */
  readonly sharedMib: number;
  /** Of each process that it starts. */
  readonly ownMib: readonly number[];
}

/** A Python program that ends once all of its processes have held what they shall hold for a while. It waits for none of them. */
const crowd = ({ sharedMib, ownMib }: Crowd): string => `
import os, time
began = time.time()
shared = bytearray(b"x") * (${sharedMib} << 20)
ready, tell = os.pipe()
for size in ${JSON.stringify(ownMib)}:
    if os.fork() == 0:
        own = bytearray(b"x") * (size << 20)
        os.write(tell, b".")
        time.sleep(60)
for _ in ${JSON.stringify(ownMib)}:
    os.read(ready, 1)
time.sleep(0.3 + (time.time() - began) / 2)
`;

const CANNOT_LOOK =
  !existsSync(`/proc/self/task/${process.pid}/children`) && 'this system does not tell the children of a process';

const CROWDS: readonly (readonly [title: string, Crowd, leastMib: number, mostMib: number])[] = [
  ['what processes hold at the same time is added up', { sharedMib: 1, ownMib: [50, 50] }, 100, 160],
  ['what forked processes share is counted once', { sharedMib: 120, ownMib: [0, 0] }, 120, 180],
  ['a process that nobody waits for counts', { sharedMib: 1, ownMib: [90] }, 90, 140],
];

for (const [title, processes, leastMib, mostMib] of CROWDS) {
  test(`of a step that starts others, ${title}`, { skip: CANNOT_LOOK }, async () => {
    await using bench = await Bench.open(open('python'));
    const step = { ...bench.step(''), command: ['python3', '-c', crowd(processes)] };
    bench.executor.launch(step);
    const peakMib = (await useOf(bench, step)).peakMemoryBytes / MIB;
    assert(peakMib > leastMib && peakMib < mostMib, `${peakMib} MiB`);
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
