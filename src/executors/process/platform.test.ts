import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, PLAIN, pythonCommand, workFiles } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { LaunchMount, LaunchPlatform } from '../executor.ts';
import { canMount } from './can-mount.ts';
import { openSecretStore } from '../local-secrets.ts';
import { openProcessExecutor } from './process-executor.ts';

const open = () => Bench.open((host) => openProcessExecutor({ ...host, clock: systemClock, killGraceMs: 300 }));
const mountsWork = await canMount(process.env['PATH'] ?? '')();
const needsMounts = { skip: mountsWork ? false : 'mount namespaces do not work here' };

const platform = (changes: Partial<LaunchPlatform>): { readonly platform: LaunchPlatform } => ({
  platform: { ...PLAIN, ...changes },
});
const mounts = (...list: LaunchMount[]) => platform({ mounts: list });

test('secrets and config maps become variables; what is missing is named with the command that makes it.', async () => {
  await using bench = await open();
  const secrets = openSecretStore(bench.dataDir);
  await secrets.create('secret', 'db', { password: 'swordfish' });
  await secrets.create('configmap', 'app', { mode: 'fast' });
  const use = { source: 'secret', name: 'db', key: 'password', envVar: 'PASSWORD', optional: false } as const;
  const step = bench.step('echo "[$PASSWORD|$MODE|$NONE]"', {
    ...platform({
      secretEnv: [
        use,
        { ...use, source: 'configMap', name: 'app', key: 'mode', envVar: 'MODE' },
        { ...use, name: 'nothing', envVar: 'NONE', optional: true },
      ],
    }),
  });
  assert.equal((await bench.run(step)).outcome.kind, 'succeeded');
  assert.equal(readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8'), '[swordfish|fast|]\n');
  for (const file of readdirSync(join(bench.dataDir, 'process'))) {
    assert.doesNotMatch(readFileSync(join(bench.dataDir, 'process', file), 'utf8'), /swordfish/);
  }
  const { outcome } = await bench.run(bench.step('true', platform({ secretEnv: [{ ...use, name: 'other' }] })));
  assert.ok(outcome.kind === 'failed' && outcome.error.cause === 'input');
  assert.match(
    outcome.error.message,
    /secret "other" not found in the local store; create it with: pipewright secret create other --from-literal password=VALUE/,
  );
});

test('a step is told facts about its pod.', async () => {
  await using bench = await open();
  const step = bench.step('echo "$UID_|$LABEL|$NONE"', {
    ...platform({
      labels: { team: 'red' },
      fieldPathEnv: [
        { name: 'UID_', fieldPath: 'metadata.uid' },
        { name: 'LABEL', fieldPath: "metadata.labels['team']" },
        { name: 'NONE', fieldPath: "metadata.annotations['x']" },
      ],
    }),
  });
  await bench.run(step);
  assert.equal(readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8'), `${step.taskUuid}|red|\n`);
});

test('a volume is shown at a path that does not exist on the host, and nothing is left there.', needsMounts, async () => {
  await using bench = await open();
  const pvc = { kind: 'pvc', name: 'shared', mountPath: '/pipewright-test/deep/data' } as const;
  const write = bench.step('echo kept > /pipewright-test/deep/data/file; pwd', mounts(pvc));
  const before = readdirSync('/');
  assert.equal((await bench.run(write)).outcome.kind, 'succeeded', readFileSync(logFile(bench.dataDir, write.attemptId), 'utf8'));
  assert.equal(
    readFileSync(logFile(bench.dataDir, write.attemptId), 'utf8'),
    `${join(bench.dataDir, 'work', write.attemptId)}\n`,
  );
  const read = bench.step('cat /elsewhere/file', mounts({ ...pvc, mountPath: '/elsewhere' }));
  await bench.run(read);
  assert.equal(readFileSync(logFile(bench.dataDir, read.attemptId), 'utf8'), 'kept\n');
  const sub = bench.step(
    'ls -A relative | wc -l; ls -A /relative | wc -l',
    mounts({ ...pvc, mountPath: 'relative', subPath: 'a/b' }),
  );
  await bench.run(sub);
  assert.match(readFileSync(logFile(bench.dataDir, sub.attemptId), 'utf8'), /\n0\n$/);
  assert.deepEqual(readdirSync('/'), before);
  assert.equal(readFileSync(join(bench.dataDir, 'volumes/shared/file'), 'utf8'), 'kept\n');
});

test(
  'secrets as files, empty folders and the workspace are mounted, and what is the attempt’s own is removed.',
  needsMounts,
  async () => {
    await using bench = await open();
    await openSecretStore(bench.dataDir).create('secret', 'key', { 'id.pem': 'private' });
    const step = bench.step(
      'cat /pw-secret/id.pem; stat -c " %a" /pw-secret/id.pem; touch /pw-empty/x && df -P /pw-memory | grep -c pipewright; echo w > /kfp-workspace/file',
      platform({
        workspace: true,
        mounts: [
          { kind: 'secret', name: 'key', mountPath: '/pw-secret', optional: false },
          { kind: 'configMap', name: 'none', mountPath: '/pw-none', optional: true },
          { kind: 'emptyDir', name: 'scratch', mountPath: '/pw-empty' },
          { kind: 'emptyDir', name: 'fast', mountPath: '/pw-memory', medium: 'Memory', sizeBytes: 2 ** 20 },
        ],
      }),
    );
    const { outcome } = await bench.run(step);
    assert.equal(readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8'), 'private 400\n1\n', JSON.stringify(outcome));
    const next = bench.step('cat /kfp-workspace/file; echo {{$.workspace_path}}', platform({ workspace: true }));
    await bench.run(next);
    assert.equal(readFileSync(logFile(bench.dataDir, next.attemptId), 'utf8'), 'w\n/kfp-workspace\n');
    await bench.until(() => (workFiles(bench).length === 0 ? true : undefined));
  },
);

test('a Python component in a warm interpreter sees what is mounted, and nobody else does.', needsMounts, async () => {
  await using bench = await open();
  const command = pythonCommand('look', [
    'def look():',
    '    import os',
    '    print(os.path.exists("/pw-volume"), os.path.exists("/pw-volume") and open("/pw-volume/file").read())',
  ]);
  mkdirSync(join(bench.dataDir, 'volumes/v'), { recursive: true });
  writeFileSync(join(bench.dataDir, 'volumes/v/file'), 'content');
  const mounted = bench.step('', { ...command, ...mounts({ kind: 'pvc', name: 'v', mountPath: '/pw-volume' }) });
  const plain = bench.step('', command);
  for (const step of [mounted, plain]) await bench.run(step);
  assert.match(readFileSync(logFile(bench.dataDir, mounted.attemptId), 'utf8'), /^True content$/m);
  assert.match(readFileSync(logFile(bench.dataDir, plain.attemptId), 'utf8'), /^False False$/m);
});

test('a missing secret that is to be mounted, and an unusable volume name, fail the step.', needsMounts, async () => {
  await using bench = await open();
  const cases: readonly (readonly [LaunchMount, RegExp])[] = [
    [{ kind: 'secret', name: 'gone', mountPath: '/x', optional: false }, /secret "gone" not found .* --from-literal KEY=VALUE/],
    [{ kind: 'pvc', name: '../up', mountPath: '/x' }, /"\.\.\/up"/],
    [{ kind: 'pvc', name: 'v', mountPath: '/x', subPath: '../../up' }, /sub-path/],
  ];
  for (const [mount, message] of cases) {
    const { outcome } = await bench.run(bench.step('true', mounts(mount)));
    assert.ok(outcome.kind === 'failed' && outcome.error.cause === 'input');
    assert.match(outcome.error.message, message);
  }
});

test('what a process cannot have is ignored with one note per run.', async () => {
  await using bench = await open();
  for (const runId of ['a', 'a', 'b'])
    await bench.run(bench.step('true', { runId, ...platform({ nodeSelector: { disk: 'ssd' }, tolerations: [{}] }) }));
  const notes = bench.observations.flatMap((seen) => (seen.kind === 'note' ? [seen.message] : []));
  assert.deepEqual(
    notes,
    Array.from({ length: 2 }, () => 'node selector, tolerations: ignored, steps run as processes of this machine'),
  );
});

test('volumes are created and deleted by the SDK’s tasks for it.', async () => {
  await using bench = await open();
  const operate = async (image: string, parameters: Record<string, string | string[]>) => {
    const outputs = image.endsWith('createpvc')
      ? { parameters: { name: 'STRING' as const }, artifacts: {} }
      : { parameters: {}, artifacts: {} };
    const { outcome } = await bench.run(bench.step('', { image, command: [], inputs: { parameters, artifacts: {} }, outputs }));
    if (outcome.kind === 'succeeded') return JSON.stringify(outcome.outputs.parameters['name'] ?? null).replaceAll('"', '');
    return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
  };
  const create = (parameters: Record<string, string>) =>
    operate('argostub/createpvc', { access_modes: ['ReadWriteOnce'], size: '5Gi', ...parameters });
  assert.equal(await create({ pvc_name: 'mine' }), 'mine');
  assert.ok(existsSync(join(bench.dataDir, 'volumes/mine')));
  const unique = await create({ pvc_name_suffix: '-my-pvc' });
  assert.match(unique, /^[0-9a-f-]{36}-my-pvc$/);
  assert.notEqual(unique, await create({ pvc_name_suffix: '-my-pvc' }));
  assert.match(await create({ pvc_name: 'a', pvc_name_suffix: '-b' }), /at most one/);
  assert.match(await operate('argostub/createpvc', { pvc_name: 'x', size: '1Gi' }), /access_modes/);
  writeFileSync(join(bench.dataDir, 'volumes/mine/file'), 'x');
  assert.equal(await operate('argostub/deletepvc', { pvc_name: 'mine' }), 'null');
  assert.equal(existsSync(join(bench.dataDir, 'volumes/mine')), false);
  assert.match(await operate('argostub/deletepvc', { pvc_name: 'mine' }), /persistentvolumeclaims "mine" not found/);
  mkdirSync(join(bench.dataDir, 'precious'));
  assert.match(await operate('argostub/deletepvc', { pvc_name: '../precious' }), /must be the name of a volume/);
  assert.ok(existsSync(join(bench.dataDir, 'precious')));
});
