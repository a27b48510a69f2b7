import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, PLAIN, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { LaunchInitContainer, LaunchPlatform, TaskLaunch } from '../executor.ts';
import { openSecretStore } from '../local-secrets.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine', 'busybox']);

const openBench = (dataDir?: string) =>
  Bench.open(
    (host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300 }),
    dataDir === undefined ? {} : { dataDir },
  );

const container = (name: string, script: string, changes: Partial<LaunchInitContainer> = {}): LaunchInitContainer => ({
  name,
  image: 'busybox',
  command: ['sh', '-c', script],
  args: [],
  env: [],
  volumeMounts: [],
  restartPolicy: '',
  resources: {},
  ...changes,
});

const sidecar = (name: string, script: string, changes: Partial<LaunchInitContainer> = {}) =>
  container(name, script, { restartPolicy: 'Always', ...changes });

const withPod = (
  step: TaskLaunch,
  initContainers: readonly LaunchInitContainer[],
  platform: Partial<LaunchPlatform> = {},
): TaskLaunch => ({ ...step, platform: { ...PLAIN, ...platform, initContainers } });

const SHARED = { volumeName: 'shared', mountPath: '/prepared' };
const EMPTY_DIR = { kind: 'emptyDir', name: 'shared', mountPath: '/data' } as const;

const readLog = (bench: Bench, { attemptId }: TaskLaunch): string => {
  const file = logFile(bench.dataDir, attemptId);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

async function errorOf(bench: Bench, step: TaskLaunch) {
  const { outcome } = await bench.run(step);
  assert(outcome.kind === 'failed', JSON.stringify(outcome));
  return outcome.error;
}

async function containersOf(runId: string): Promise<readonly unknown[]> {
  const filters = JSON.stringify({ label: [`pipewright.run=${runId}`] });
  return (await api.call('GET', '/containers/json', { query: { all: true, filters } })) as readonly unknown[];
}

test(
  'docker: init containers run one after the other before the step, on its volumes, and print into its log.',
  { skip },
  async () => {
    await using bench = await openBench();
    await openSecretStore(bench.dataDir).create('secret', 'login', { key: 'hidden' });
    const mounts: LaunchPlatform['mounts'] = [
      EMPTY_DIR,
      { kind: 'secret', name: 'login', mountPath: '/etc/login', optional: false },
      { kind: 'pvc', name: 'claim', mountPath: '/claim', subPath: 'part' },
    ];
    const first = container('prepare-data', 'sleep 0.3; echo "$GREETING" > /prepared/one; echo done >&2; printf unfinished', {
      env: [
        { name: 'WHO', value: 'you' },
        { name: 'GREETING', value: 'hello $(WHO) $(NOBODY)' },
      ],
      volumeMounts: [SHARED],
    });
    const second = container(
      'check',
      'cat /one/one; cat /s/key; mkdir -p /c/part; echo claimed > /c/part/file; ls /data 2>&1; id -u',
      {
        volumeMounts: [
          { volumeName: 'shared', mountPath: '/one' },
          { volumeName: 'login', mountPath: '/s' },
          { volumeName: 'claim', mountPath: '/c' },
        ],
      },
    );
    const byEntryPoint = container('default', '', {
      command: [],
      args: ['echo', 'as $(X)'],
      env: [{ name: 'X', value: 'args' }],
    });
    const step = withPod(bench.step('cat /data/one /claim/file; printf end'), [first, second, byEntryPoint], { mounts });
    assert.equal((await bench.run(step)).outcome.kind, 'succeeded');
    assert.equal(
      readLog(bench, step),
      [
        '[prepare-data] done',
        '[prepare-data] unfinished',
        '[check] hello you $(NOBODY)',
        '[check] hiddenls: /data: No such file or directory',
        '[check] 0',
        '[default] as args',
        'hello you $(NOBODY)',
        'claimed',
        'end',
      ].join('\n'),
    );
  },
);

test(
  'docker: an init container that fails ends the step, by its name and with what it printed; nothing after it runs.',
  { skip },
  async () => {
    await using bench = await openBench();
    const rows: readonly (readonly [Partial<LaunchInitContainer>, number, RegExp])[] = [
      [
        { command: ['sh', '-c', 'echo the reason; exit 3'] },
        3,
        /^init container "bad" failed: exit status 3\n\[ok\] fine\n\[bad\] the reason$/,
      ],
      [{ command: ['no-such-program'] }, 127, /^init container "bad" failed: exit status 127/],
      [{ image: 'localhost:1/none' }, 1, /^init container "bad" failed: the image "localhost:1\/none" could not be pulled/],
      [
        {
          command: ['sh', '-c', 'x=$(head -c 200m /dev/zero | tr "\\0" x); echo ${#x}'],
          resources: { memoryLimitBytes: 32 * 2 ** 20 },
        },
        137,
        // Docker does not always hear from the kernel in time why it was killed.
        /^init container "bad" failed: (out of memory: .* limit of 32 MiB|exit status 137 \(killed by SIGKILL\))/,
      ],
    ];
    for (const [changes, code, message] of rows) {
      const bad = { ...container('bad', ''), ...changes };
      const step = withPod(bench.step('echo ran'), [container('ok', 'echo fine'), bad, container('never', 'echo never')]);
      const error = await errorOf(bench, step);
      assert.match(error.message, message);
      assert.equal(error.code, code);
      assert.doesNotMatch(readLog(bench, step), /ran|never/);
    }
  },
);

test('docker: what Kubernetes would refuse is refused, with what to change.', { skip }, async () => {
  await using bench = await openBench();
  const ok = container('one', 'true');
  const rows: readonly (readonly [readonly LaunchInitContainer[], RegExp])[] = [
    [[ok, ok], /^init container "one" is there twice$/],
    [[{ ...ok, name: '' }], /^an init container has no name$/],
    [[{ ...ok, image: '' }], /^init container "one" has no image$/],
    [[{ ...ok, restartPolicy: 'OnFailure' }], /^init container "one" has the restart policy "OnFailure"$/],
    [
      [{ ...ok, volumeMounts: [{ volumeName: 'none', mountPath: '/x' }] }],
      /mounts the volume "none", which the step does not have$/,
    ],
    [[{ ...ok, volumeMounts: [{ volumeName: 'shared', mountPath: 'x' }] }], /mounts "shared" at "x"$/],
  ];
  for (const [containers, message] of rows) {
    const error = await errorOf(bench, withPod(bench.step('true'), containers, { mounts: [EMPTY_DIR] }));
    assert.match(error.message, message);
    assert.equal(error.cause, 'input');
    assert.ok(error.hint);
  }
});

test(
  'docker: a sidecar runs beside the step, at localhost, is started again when it ends, and is told to end after it.',
  { skip },
  async () => {
    await using bench = await openBench();
    const server = sidecar(
      'server',
      'trap "echo told to end; exit 0" TERM; mkdir -p /www; echo answer > /www/index.html; httpd -f -p 8099 -h /www & wait',
    );
    const fading = sidecar('fading', 'echo begins >> /prepared/starts; echo round; exit 0', { volumeMounts: [SHARED] });
    const script = [
      'until wget -qO- http://localhost:8099/; do sleep 0.05; done 2>/dev/null',
      'printf "waits "; until [ "$(wc -l < /data/starts)" -ge 2 ]; do sleep 0.05; done; echo over',
    ].join('; ');
    const step = withPod(bench.step(script), [server, fading], { mounts: [EMPTY_DIR] });
    assert.equal((await bench.run(step)).outcome.kind, 'succeeded');
    const log = readLog(bench, step);
    assert.match(log, /^answer$/m);
    assert.match(log, /^waits over$/m);
    assert.match(log, /^\[fading\] round\n(.*\n)*\[fading\] round$/m);
    assert.match(log, /^\[server\] told to end$/m);
  },
);

test('docker: memory that an init container fills is what the step finds, within its size.', { skip }, async () => {
  await using bench = await openBench();
  const memory = { ...EMPTY_DIR, medium: 'Memory', sizeBytes: 2 ** 20 } as const;
  const fill = container('fill', 'echo kept > /prepared/file; df /prepared | tail -1', { volumeMounts: [SHARED] });
  const step = withPod(bench.step('cat /data/file; head -c 2m /dev/zero > /data/large; wc -c < /data/large; exit 1'), [fill], {
    mounts: [memory],
  });
  const { outcome } = await bench.run(step);
  assert.equal(outcome.kind, 'failed');
  assert.match(readLog(bench, step), /^\[fill\] tmpfs +1024 .*\nkept\n.*\n104\d+$/m);
});

test(
  'docker: cancelling and a time limit end init containers and sidecars; nothing is left of any of them.',
  { skip },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-docker-'));
    const bench = await openBench(dataDir);
    const runId = `run-${dataDir.slice(-6).toLowerCase()}`;
    const memory = { ...EMPTY_DIR, medium: 'Memory' } as const;
    const inRun = (step: TaskLaunch): TaskLaunch => ({ ...step, runId });
    const during = inRun(
      withPod(bench.step('echo ran'), [sidecar('side', 'sleep 600'), container('slow', 'echo begun; sleep 600')]),
    );
    const beside = inRun(
      withPod(bench.step('echo begun; sleep 600'), [sidecar('side', 'sleep 600', { volumeMounts: [SHARED] })], {
        mounts: [memory],
      }),
    );
    const late = inRun(withPod(bench.step('echo ran', { timeoutMs: 1000 }), [container('slow', 'echo begun; sleep 600')]));
    const lateLater = inRun(withPod(bench.step('echo begun; sleep 600', { timeoutMs: 1500 }), [container('quick', 'sleep 0.5')]));
    const failing = inRun(withPod(bench.step('exit 3'), [sidecar('side', 'sleep 600')]));
    const absent = inRun(withPod(bench.step('true'), [sidecar('side', '', { image: 'localhost:1/none' })]));
    for (const step of [during, beside, late, lateLater, failing, absent]) bench.executor.launch(step);
    for (const step of [during, beside]) {
      await bench.until(() => (readLog(bench, step).includes('begun') ? true : undefined));
      bench.executor.cancel(step.attemptId);
      assert.deepEqual((await bench.finished(step.attemptId)).outcome, { kind: 'canceled' });
    }
    for (const step of [late, lateLater]) {
      const { outcome } = await bench.finished(step.attemptId);
      assert.match(outcome.kind === 'failed' ? outcome.error.message : '', /ran longer than its time limit of 1(\.5)? s/);
    }
    for (const step of [failing, absent]) assert.equal((await bench.finished(step.attemptId)).outcome.kind, 'failed');
    assert.doesNotMatch(readLog(bench, during) + readLog(bench, late), /^ran/m);
    await bench.executor.stop();
    assert.deepEqual(await containersOf(runId), []);
    assert.deepEqual(readdirSync(join(dataDir, 'docker')), []);
    const { Volumes } = (await api.call('GET', '/volumes', { query: { filters: JSON.stringify({ dangling: ['true'] }) } })) as {
      readonly Volumes: readonly { readonly Options?: { readonly type?: string } | null }[] | null;
    };
    assert.deepEqual(
      (Volumes ?? []).filter(({ Options }) => Options?.type === 'tmpfs'),
      [],
    );
    rmSync(dataDir, { recursive: true });
  },
);

test('docker: the outputs of a step with other containers are its own.', { skip }, async () => {
  await using bench = await openBench();
  const step = withArtifact(
    bench.step('', { command: ['sh', '-c', 'echo 1 > "$0"', "{{$.outputs.artifacts['data'].path}}"] }),
    'data',
  );
  const { outcome } = await bench.run(withPod(step, [container('first', 'true')]));
  assert.equal(outcome.kind === 'succeeded' && outcome.outputs.artifacts['data']![0]!.sizeBytes, 2);
});
