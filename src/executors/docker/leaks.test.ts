import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bench, PLAIN, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { noPrivateDockerd, PrivateDockerd } from '../../../test/support/private-dockerd.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const shared = await dockerForTests(['alpine']);
const skip = shared.skip || noPrivateDockerd();

/** Times thirteen ways to end; `PIPEWRIGHT_LEAK_ROUNDS=50` makes 650 steps. */
const ROUNDS = Number(process.env['PIPEWRIGHT_LEAK_ROUNDS'] ?? 6);
const GREEDY = { memoryLimitBytes: 16 * 2 ** 20 };

/** An image whose containers each get a volume of their own, which goes with them. */
async function makeImageWithVolume({ api }: PrivateDockerd): Promise<void> {
  const { Id } = (await api.call('POST', '/containers/create', { body: { Image: 'alpine' } })) as { readonly Id: string };
  await api.call('POST', '/commit', { query: { container: Id, repo: 'with-volume', changes: 'VOLUME /kept' }, body: {} });
  await api.call('DELETE', `/containers/${Id}`);
}

/** Everything that could be left behind, of a daemon that nobody else uses. */
async function whatIsThere({ api }: PrivateDockerd, temporary: string) {
  const idsOf = async (path: string) => ((await api.call('GET', path)) as readonly { readonly Id: string }[]).map(({ Id }) => Id);
  const { Volumes } = (await api.call('GET', '/volumes')) as { readonly Volumes: readonly unknown[] | null };
  return {
    containers: await idsOf('/containers/json?all=true'),
    images: (await idsOf('/images/json?all=true')).toSorted(),
    networks: (await idsOf('/networks')).toSorted(),
    volumes: Volumes ?? [],
    temporaryFiles: readdirSync(temporary),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(temporary)),
  };
}

/** Names of what this process has open, such as sockets and files, without the numbers that make each one different. */
function openFiles(): readonly string[] {
  const names = readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).replace(/:\[\d+\]$/, '');
    } catch {
      return ''; // The folder itself, which is closed by now.
    }
  });
  return names.filter((name) => name !== '').toSorted();
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
    [bench.step('tail /dev/zero', { resources: GREEDY }), 'failed'],
    [bench.step('echo kept > /kept/file', { image: 'with-volume' }), 'succeeded'],
    [bench.step('true', { image: 'localhost:1/none' }), 'failed'],
    [bench.step('true', { command: ['no-such-program'] }), 'failed'],
  ];
}

test(
  'docker: however many steps end however, nothing is left: no container, mount, folder, volume or open file.',
  { skip },
  async () => {
    await using dockerd = new PrivateDockerd();
    await dockerd.start();
    await dockerd.load(shared.api, 'alpine');
    await makeImageWithVolume(dockerd);
    const temporary = mkdtempSync(join(tmpdir(), 'pipewright-leaks-'));
    const [warmDir, dataDir] = [join(temporary, 'warm'), join(temporary, 'data')];
    const usualTemporary = process.env['TMPDIR'];
    try {
      for (const folder of [warmDir, dataDir]) mkdirSync(folder);
      process.env['TMPDIR'] = temporary;
      const before = await whatIsThere(dockerd, temporary);
      // What the first step opens and every other uses is no leak.
      await endInEveryWay(dockerd, warmDir, { rounds: 1 });
      dockerd.api.close();
      const filesBefore = openFiles();
      await endInEveryWay(dockerd, dataDir, { rounds: ROUNDS });
      assert.deepEqual(readdirSync(join(dataDir, 'docker')), []);
      assert.deepEqual(await whatIsThere(dockerd, temporary), before);
      dockerd.api.close();
      // Connections are closed a moment after they are let go of.
      for (let tries = 0; openFiles().length > filesBefore.length && tries < 100; tries++) await sleep(20);
      assert.deepEqual(openFiles(), filesBefore);
    } finally {
      if (usualTemporary === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usualTemporary;
      rmSync(temporary, { recursive: true, force: true });
    }
  },
);

async function endInEveryWay({ address }: PrivateDockerd, dataDir: string, options: { readonly rounds: number }): Promise<void> {
  const open = (host: Parameters<Parameters<typeof Bench.open>[0]>[0]) =>
    openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, address });
  const bench = await Bench.open(open, { dataDir });
  const rounds = Array.from({ length: options.rounds });
  const ending = rounds.flatMap(() => endingSteps(bench));
  const atOnce = rounds.map(() => bench.step('sleep 600'));
  const running = rounds.flatMap(() => [bench.step('echo begun; sleep 600'), bench.step('trap "" TERM; echo begun; sleep 600')]);
  for (const step of [...ending.map(([step]) => step), ...atOnce, ...running]) bench.executor.launch(step);
  for (const { attemptId } of atOnce) bench.executor.cancel(attemptId);
  await Promise.all(
    running.map(async ({ attemptId }) => {
      await bench.until(() => hasBegun(logFile(dataDir, attemptId)));
      bench.executor.cancel(attemptId);
    }),
  );
  for (const [{ attemptId, command }, kind] of ending)
    assert.equal((await bench.finished(attemptId)).outcome.kind, kind, command.join(' '));
  for (const { attemptId } of [...atOnce, ...running])
    assert.deepEqual((await bench.finished(attemptId)).outcome, { kind: 'canceled' });
  await bench.executor.stop();
  const finished = bench.observations.filter(({ kind }) => kind === 'finished');
  assert.equal(finished.length, ending.length + atOnce.length + running.length);
}

function hasBegun(log: string): true | undefined {
  try {
    return readFileSync(log, 'utf8') === 'begun\n' ? true : undefined;
  } catch {
    return undefined;
  }
}
