import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { noPrivateDockerd, PrivateDockerd } from '../../../test/support/private-dockerd.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { ResourceUse } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import { ControlGroupFinder } from './control-group-finder.ts';
import { openDockerExecutor } from './docker-executor.ts';
import { UsageSampler } from './usage-sampler.ts';

const { api, skip } = await dockerForTests(['alpine']);
const MIB = 2 ** 20;

const openBench = (dataDir?: string) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock }), dataDir === undefined ? {} : { dataDir });

async function useOf(bench: Bench, step: TaskLaunch): Promise<ResourceUse> {
  const { outcome } = await bench.run(step);
  assert(outcome.kind !== 'canceled' && outcome.use, JSON.stringify(outcome));
  return outcome.use;
}

/** tail has to keep all of a text without line ends. */
const hold = (mebibytes: number) => `head -c ${mebibytes}m /dev/zero | tail | wc -c`;

test('docker: a step of 300 ms says what it used, with a peak that was over long before its end.', { skip }, async () => {
  await using bench = await openBench();
  const use = await useOf(bench, bench.step(`${hold(80)}; sleep 0.3`));
  assert(use.peakMemoryBytes > 80 * MIB && use.peakMemoryBytes < 160 * MIB, `${use.peakMemoryBytes} bytes`);
  assert(use.cpuMs > 5, `${use.cpuMs} ms`);
});

test('docker: a step can be given the memory it was recorded to use, and not much less.', { skip }, async () => {
  await using bench = await openBench();
  const script = `set -o pipefail; ${hold(60)} && sleep 0.2`;
  const { peakMemoryBytes } = await useOf(bench, bench.step(script));
  const withLimit = (bytes: number) => bench.step(script, { resources: { memoryLimitBytes: Math.ceil(bytes) } });
  assert.equal((await bench.run(withLimit(peakMemoryBytes * 1.05))).outcome.kind, 'succeeded');
  const { outcome } = await bench.run(withLimit(32 * MIB));
  assert(outcome.kind === 'failed' && outcome.error.reason === 'OOMKilled', JSON.stringify(outcome));
  assert(outcome.use && outcome.use.peakMemoryBytes >= 32 * MIB, JSON.stringify(outcome.use));
});

test('docker: files that a step writes and reads are not counted as its memory.', { skip }, async () => {
  await using bench = await openBench();
  const use = await useOf(bench, bench.step('head -c 150m /dev/zero > file; cat file > /dev/null; sleep 0.1'));
  assert(use.peakMemoryBytes < 75 * MIB, `${use.peakMemoryBytes} bytes`);
});

test('docker: a failed step, and one that an earlier server started, have their use as well.', { skip }, async () => {
  await using bench = await openBench();
  const failed = await useOf(bench, bench.step(`${hold(40)}; exit 3`));
  assert(failed.peakMemoryBytes > 40 * MIB);
  const adopted = bench.step(`${hold(50)}; echo held; sleep 1`);
  await using first = await openBench(bench.dataDir);
  first.executor.launch(adopted);
  const log = logFile(bench.dataDir, adopted.attemptId);
  await first.until(() => (existsSync(log) && readFileSync(log, 'utf8').includes('held') ? true : undefined));
  await first.executor.stop();
  bench.executor.reattach(adopted);
  const { outcome } = await bench.finished(adopted.attemptId);
  assert(outcome.kind === 'succeeded' && outcome.use && outcome.use.peakMemoryBytes > 50 * MIB, JSON.stringify(outcome));
});

test(
  'docker: control groups at another place are found by a container that runs, and known from then on.',
  { skip: skip || noPrivateDockerd() },
  async () => {
    await using daemon = new PrivateDockerd();
    await daemon.start({ hasOwnGroups: true });
    await daemon.load(api, 'alpine');
    const { address } = daemon;
    await using bench = await Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, address }));
    const first = await useOf(bench, bench.step(`sleep 0.3; ${hold(40)}; sleep 0.1`));
    assert(first.peakMemoryBytes > 40 * MIB, `${first.peakMemoryBytes} bytes`);
    await useOf(bench, bench.step('sleep 0.2'));
  },
);

test('docker: where the control groups are out of reach, the daemon is asked.', { skip }, async () => {
  const created = await api.call('POST', '/containers/create', {
    body: { Image: 'alpine', Cmd: ['sh', '-c', `${hold(40)}; sleep 30`] },
  });
  const { Id } = created as { readonly Id: string };
  try {
    await api.call('POST', `/containers/${Id}/start`);
    const finder = new ControlGroupFinder({ read: () => '', exists: () => false });
    const sampler = new UsageSampler({ api, clock: systemClock, finder });
    const use = await new Promise<ResourceUse>((resolve) => {
      const stop = sampler.watch(Id, (told) => {
        stop();
        resolve(told);
      });
    });
    assert(use.cpuMs > 0 && use.peakMemoryBytes > 0);
  } finally {
    await api.call('DELETE', `/containers/${Id}`, { query: { force: true } });
  }
});
