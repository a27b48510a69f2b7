import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, PLAIN, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { killedEngine, readOr, scene } from '../../../test/support/killed-docker-engine.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { LaunchInitContainer, LaunchMount, TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine', 'busybox']);

const openIn = (dataDir: string) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300 }), { dataDir });

const SHARED = { kind: 'pvc', name: 'shared', mountPath: '/data' } as const;
const MEMORY = { kind: 'emptyDir', name: 'memory', mountPath: '/memory', medium: 'Memory' } as const;

const container = (name: string, script: string, restartPolicy = ''): LaunchInitContainer => ({
  name,
  image: 'busybox',
  command: ['sh', '-c', script],
  args: [],
  env: [],
  volumeMounts: [
    { volumeName: 'shared', mountPath: '/data' },
    { volumeName: 'memory', mountPath: '/memory' },
  ],
  restartPolicy,
  resources: {},
});

const COUNTING = 'for i in 1 2 3 4 5 6 7 8 9; do echo line $i; [ $i != 5 ] || until [ -e /data/go ]; do sleep 0.02; done; done';

function stepOf(bench: Bench, runId: string, script: string, initContainers: readonly LaunchInitContainer[]): TaskLaunch {
  const mounts: readonly LaunchMount[] = [SHARED, MEMORY];
  return withArtifact({ ...bench.step(script), runId, platform: { ...PLAIN, mounts, initContainers } }, 'data');
}

interface Listed {
  readonly Id: string;
  readonly Mounts: readonly { readonly Type: string; readonly Name?: string }[];
}

async function listContainers(runId: string): Promise<readonly Listed[]> {
  const filters = JSON.stringify({ label: [`pipewright.run=${runId}`] });
  return (await api.call('GET', '/containers/json', { query: { all: true, filters } })) as readonly Listed[];
}

test(
  'docker: an init container that runs while the engine is killed goes on, and the step after it; no line is lost or doubled.',
  { skip },
  async () => {
    using world = scene();
    const draft = await openIn(world.dataDir);
    const containers = [
      container('first', 'echo once >> /data/first; echo kept > /memory/file; echo first'),
      container('slow', COUNTING),
      container('last', 'echo last'),
    ];
    const step = stepOf(draft, world.runId, 'cat /data/first /memory/file; printf end', containers);
    await draft.executor.stop();
    const log = logFile(world.dataDir, step.attemptId);
    await killedEngine(world.dataDir, [step], () => readOr(log).includes('line 5'));
    writeFileSync(join(world.dataDir, 'volumes/shared/go'), '');
    {
      await using after = await openIn(world.dataDir);
      after.executor.reattach(step);
      assert.equal((await after.finished(step.attemptId)).outcome.kind, 'succeeded');
    }
    const lines = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((line) => `[slow] line ${line}\n`).join('');
    assert.equal(readOr(log), `[first] first\n${lines}[last] last\nonce\nkept\nend`);
    assert.deepEqual(await listContainers(world.runId), []);
  },
);

test(
  'docker: a step and its sidecars that run while the engine is killed are adopted and ended together.',
  { skip },
  async () => {
    using world = scene();
    const draft = await openIn(world.dataDir);
    const side = 'trap "echo ended; exit 0" TERM; i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.05; done';
    const step = stepOf(draft, world.runId, COUNTING, [container('side', side, 'Always')]);
    await draft.executor.stop();
    const log = logFile(world.dataDir, step.attemptId);
    await killedEngine(world.dataDir, [step], () => readOr(log).includes('line 5') && readOr(log).includes('tick 3'));
    {
      await using after = await openIn(world.dataDir);
      after.executor.reattach(step);
      const before = (readOr(log).match(/tick/g) ?? []).length;
      await after.until(() => ((readOr(log).match(/tick/g) ?? []).length > before + 2 ? true : undefined));
      writeFileSync(join(world.dataDir, 'volumes/shared/go'), '');
      assert.equal((await after.finished(step.attemptId)).outcome.kind, 'succeeded');
    }
    const lines = readOr(log).split('\n');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('line')),
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((line) => `line ${line}`),
    );
    const ticks = lines.filter((line) => line.startsWith('[side] tick'));
    assert.deepEqual(
      ticks,
      Array.from(ticks, (_line, index) => `[side] tick ${index + 1}`),
    );
    assert.equal(lines.at(-2), '[side] ended');
    assert.deepEqual(await listContainers(world.runId), []);
  },
);

test(
  'docker: what a killed engine leaves of a step nobody wants any more is removed, its containers and its memory.',
  { skip },
  async () => {
    using world = scene();
    const draft = await openIn(world.dataDir);
    const step = stepOf(draft, world.runId, 'true', [
      container('side', 'sleep 600', 'Always'),
      container('slow', 'echo begun; sleep 600'),
    ]);
    await draft.executor.stop();
    await killedEngine(world.dataDir, [step], () => readOr(logFile(world.dataDir, step.attemptId)).includes('begun'));
    const volume = (await listContainers(world.runId))
      .flatMap(({ Mounts }) => Mounts)
      .find(({ Type }) => Type === 'volume')!.Name!;
    const after = await openIn(world.dataDir);
    await after.run({ ...after.step('true'), attemptId: `${world.runId}.9.0`, runId: world.runId });
    await after.executor.stop();
    assert.deepEqual(await listContainers(world.runId), []);
    await assert.rejects(api.call('GET', `/volumes/${volume}`), /no such volume/i);
  },
);

test('docker: init containers run anew if the memory they had filled is gone.', { skip }, async () => {
  using world = scene();
  const draft = await openIn(world.dataDir);
  const containers = [
    container('fill', 'echo kept > /memory/file; echo filled'),
    container('slow', 'echo begun; until [ -e /data/go ]; do sleep 0.02; done'),
  ];
  const step = stepOf(draft, world.runId, 'cat /memory/file', containers);
  await draft.executor.stop();
  const log = logFile(world.dataDir, step.attemptId);
  await killedEngine(world.dataDir, [step], () => readOr(log).includes('begun'));
  // As after a restart of the machine.
  for (const { Id } of await listContainers(world.runId)) await api.call('POST', `/containers/${Id}/kill`).catch(() => {});
  writeFileSync(join(world.dataDir, 'volumes/shared/go'), '');
  await using after = await openIn(world.dataDir);
  after.executor.reattach(step);
  assert.equal((await after.finished(step.attemptId)).outcome.kind, 'succeeded');
  assert.equal(readOr(log), '[fill] filled\n[slow] begun\n[fill] filled\n[slow] begun\nkept\n');
});
