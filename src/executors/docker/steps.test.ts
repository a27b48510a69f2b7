import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, PLAIN, pythonCommand, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { systemClock } from '../../base/clock.ts';
import { tagImage } from '../../docker/images.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { LaunchPlatform, TaskLaunch } from '../executor.ts';
import { openSecretStore } from '../local-secrets.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine']);

const openBench = (options: { readonly user?: string } = {}) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, ...options }));

const onPlatform = (step: TaskLaunch, platform: Partial<LaunchPlatform>): TaskLaunch => ({
  ...step,
  platform: { ...PLAIN, ...platform },
});

const logOf = (bench: Bench, { attemptId }: TaskLaunch): string => readFileSync(logFile(bench.dataDir, attemptId), 'utf8');

async function errorOf(bench: Bench, step: TaskLaunch) {
  const { outcome } = await bench.run(step);
  assert(outcome.kind === 'failed', JSON.stringify(outcome));
  return outcome.error;
}

test('docker: limits are what the container has, and outgrowing the memory says so.', { skip }, async () => {
  await using bench = await openBench();
  const limits = bench.step(
    'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; df -k /dev/shm | tail -1',
    {
      resources: { cpuMillis: 500, cpuLimitMillis: 1_000_000, memoryLimitBytes: 64 * 2 ** 20 },
    },
  );
  await bench.run(onPlatform(limits, { sharedMemoryBytes: 16 * 2 ** 20 }));
  assert.match(logOf(bench, limits), /^67108864$/m);
  assert.match(logOf(bench, limits), /\b16384\b/);
  const greedy = bench.step('head -c 200m /dev/zero | tail', { resources: { memoryLimitBytes: 32 * 2 ** 20 } });
  const error = await errorOf(bench, {
    ...greedy,
    command: ['sh', '-c', 'x=$(head -c 200m /dev/zero | tr "\\0" x); echo ${#x}'],
  });
  assert.equal(error.cause, 'step');
  assert.match(error.message, /out of memory: the step used more than its memory limit of 32 MiB/);
  assert.match(error.hint!, /set_memory_limit/);
});

test('docker: volumes, secrets, config maps, memory and the workspace are where the step expects them.', { skip }, async () => {
  await using bench = await openBench();
  const secrets = openSecretStore(bench.dataDir);
  await secrets.create('secret', 'login', { password: 'hidden' });
  await secrets.create('configmap', 'settings', { mode: 'fast' });
  const script =
    'cat /etc/login/password /etc/settings/mode; echo " $SECRET"; echo kept >> /volume/file; echo shared > /kfp-workspace/x; echo 1 > /scratch/a; df /mem | tail -1; ls /etc/none 2>&1';
  const step = onPlatform(bench.step(script), {
    workspace: true,
    secretEnv: [{ source: 'secret', name: 'login', key: 'password', envVar: 'SECRET', optional: false }],
    mounts: [
      { kind: 'secret', name: 'login', mountPath: '/etc/login', optional: false },
      { kind: 'configMap', name: 'settings', mountPath: '/etc/settings', optional: false },
      { kind: 'secret', name: 'none', mountPath: '/etc/none', optional: true },
      { kind: 'pvc', name: 'volume', mountPath: '/volume', subPath: 'part' },
      { kind: 'emptyDir', name: 'scratch', mountPath: 'scratch' },
      { kind: 'emptyDir', name: 'mem', mountPath: '/mem', medium: 'Memory', sizeBytes: 2 ** 20 },
    ],
  });
  await bench.run(step);
  assert.match(logOf(bench, step), /^hiddenfast hidden\ntmpfs +1024 .*\/mem\nls: \/etc\/none: No such file/);
  assert.equal(readFileSync(join(bench.dataDir, 'volumes/volume/part/file'), 'utf8'), 'kept\n');
  assert.equal(readFileSync(join(bench.dataDir, 'workspaces/run/x'), 'utf8'), 'shared\n');
  const missing = onPlatform(bench.step('true'), {
    mounts: [{ kind: 'secret', name: 'none', mountPath: '/x', optional: false }],
  });
  assert.match((await errorOf(bench, missing)).message, /secret "none" not found in the local store; create it with/);
});

test(
  'docker: an input is the file its producer wrote, and cannot be changed; nothing else of the data folder is seen.',
  { skip },
  async () => {
    await using bench = await openBench();
    const producer = withArtifact(bench.step(''), 'data');
    const { uri, type } = producer.outputs.artifacts['data']!;
    const written = { ...producer, command: ['sh', '-c', `echo content > ${uri}; echo more > ${uri}.json`] };
    assert.equal((await bench.run(written)).outcome.kind, 'succeeded');
    const script = `cat ${uri} ${uri}.json; echo x > ${uri}; ls ${bench.dataDir}`;
    const consumer = bench.step(script, {
      inputs: { parameters: {}, artifacts: { data: [{ id: 'a', name: 'data', uri, type, metadata: {} }] } },
    });
    await bench.run(consumer);
    assert.match(logOf(bench, consumer), /^content\nmore\nsh: can't create .*: Read-only file system\nartifacts\ndocker\n$/);
  },
);

test('docker: a step runs as the user it asks for, and can write; ours instead of root where we say so.', { skip }, async () => {
  const write = 'id -u; echo 1 > "$0"; echo x > own';
  const outputs = { parameters: { n: 'NUMBER_INTEGER' as const }, artifacts: {} };
  const command = ['sh', '-c', write, "{{$.outputs.parameters['n'].output_file}}"];
  await using bench = await openBench();
  const asked = onPlatform(bench.step('', { command, outputs }), { securityContext: { runAsUser: 1234, runAsGroup: 5 } });
  assert.equal((await bench.run(asked)).outcome.kind, 'succeeded');
  assert.equal(logOf(bench, asked), '1234\n');
  const noRoot = onPlatform(bench.step('id -u'), { securityContext: { runAsNonRoot: true } });
  assert.match((await errorOf(bench, noRoot)).message, /must not run as root/);
  await using other = await openBench({ user: '65534:65534' });
  // The tests are root's: what belongs to another user has to be made for them first.
  const ours = other.step('id -u; echo $HOME; cd && echo x > there');
  mkdirSync(join(other.dataDir, 'docker', ours.attemptId, 'step/home'), { recursive: true });
  await other.run(onPlatform(ours, {}));
  assert.match(logOf(other, ours), /^65534\n\/.*\/step\/home\n/);
});

test('docker: what goes wrong with an image says what to do.', { skip }, async () => {
  await using bench = await openBench();
  const rows: readonly (readonly [Partial<TaskLaunch>, Partial<LaunchPlatform>, string, RegExp])[] = [
    [{ image: 'no such image' }, {}, 'input', /cannot be the name of an image/],
    [
      { image: 'localhost:1/none' },
      { imagePullPolicy: 'Never' },
      'input',
      /is not on this machine, and its pull policy is Never/,
    ],
    [{ image: 'localhost:1/none' }, {}, 'input', /image "localhost:1\/none" could not be pulled: .*connection refused/],
    [{ image: 'localhost:1/none' }, { imagePullSecrets: ['key'] }, 'input', /image pull secret "key" not found/],
    [{ command: ['no-such-program'] }, {}, 'step', /exit status 127/],
    [{ command: ['/etc/passwd'] }, {}, 'step', /exit status 126/],
  ];
  for (const [changes, platform, cause, message] of rows) {
    const error = await errorOf(bench, onPlatform(bench.step('true', changes), platform));
    assert.match(error.message, message);
    assert.equal(error.cause, cause, error.message);
    assert.ok(error.hint, error.message);
  }
});

test('docker: an image that is removed between two steps is looked for again.', { skip }, async () => {
  await using bench = await openBench();
  const name = `pipewright-test/gone-${process.pid}`;
  await tagImage(api, 'alpine', name);
  try {
    assert.equal((await bench.run(bench.step('true', { image: name }))).outcome.kind, 'succeeded');
  } finally {
    await api.call('DELETE', `/images/${name}`);
  }
  const error = await errorOf(bench, onPlatform(bench.step('true', { image: name }), { imagePullPolicy: 'Never' }));
  assert.match(error.message, /is not on this machine/);
});

test('docker: without a command the image’s program runs, with the arguments of the step if it has any.', { skip }, async () => {
  await using bench = await openBench();
  const plain = bench.step('', { command: [], args: [] });
  assert.equal((await bench.run(plain)).outcome.kind, 'succeeded');
  const withArgs = bench.step('', { command: [], args: ['echo', 'given $(KFP_TASK_NAME) $$(KFP_TASK_NAME) $(NOBODY)'] });
  await bench.run(withArgs);
  assert.equal(logOf(bench, withArgs), 'given step $(KFP_TASK_NAME) $(NOBODY)\n');
});

test('docker: an argument that is too long for the system reaches a shell through a file.', { skip }, async () => {
  await using bench = await openBench();
  const step = bench.step('', { command: ['sh', '-c', 'printf %s "$1" | wc -c', 'sh', 'x'.repeat(300_000)] });
  await bench.run(step);
  assert.equal(logOf(bench, step).trim(), '300000');
});

test('docker: a step that would be given the character U+0000 fails with the place it stands at.', { skip }, async () => {
  await using bench = await openBench();
  const words = await errorOf(bench, bench.step('', { command: ['sh', '-c', 'true', 'a\0b'] }));
  assert.equal(words.cause, 'input');
  assert.match(words.message, /^program "sh" could not be started: argument 3 has the character U\+0000/);
  const variable = await errorOf(bench, bench.step('true', { env: [{ name: 'A', value: '\0' }] }));
  assert.match(variable.message, /the variable A has the character U\+0000/);
  const init = { name: 'prepare', image: 'alpine', command: ['echo', '\0'], args: [], env: [], volumeMounts: [] };
  const initContainers = [{ ...init, restartPolicy: '', resources: {} }];
  const beside = await errorOf(bench, onPlatform(bench.step('true'), { initContainers }));
  assert.match(beside.message, /init container "prepare".*argument 1 has the character U\+0000/);
});

test(
  'docker: an artifact reported anywhere in the container is taken over; a file of this machine is not.',
  { skip },
  async () => {
    await using bench = await openBench();
    const report = (path: string) => `{"artifacts": {"data": {"artifacts": [{"custom_path": "${path}"}]}}}`;
    const reporting = (script: string, path: string) => {
      const command = ['sh', '-c', `${script}; echo '${report(path)}' > "$0"`, '{{$.outputs.output_file}}'];
      return withArtifact(bench.step('', { command }), 'data');
    };
    const good = reporting('mkdir /opt && echo found > /opt/model', '/opt');
    assert.equal((await bench.run(good)).outcome.kind, 'succeeded');
    assert.equal(readFileSync(join(good.outputs.artifacts['data']!.uri, 'model'), 'utf8'), 'found\n');
    const secret = join(bench.dataDir, 'secret');
    writeFileSync(secret, 'of this machine');
    const error = await errorOf(bench, reporting('true', secret));
    assert.match(error.message, /there is nothing/);
  },
);

test(
  'docker: an output that is a link means what it means in the container, never a file of this machine.',
  { skip },
  async () => {
    await using bench = await openBench();
    const secret = join(bench.dataDir, 'secret');
    writeFileSync(secret, 'of this machine');
    const linking = (script: string) => {
      const command = [
        'sh',
        '-c',
        script,
        "{{$.outputs.parameters['text'].output_file}}",
        "{{$.outputs.artifacts['data'].path}}",
      ];
      const step = withArtifact(bench.step('', { command }), 'data');
      return { ...step, outputs: { ...step.outputs, parameters: { text: 'STRING' as const } } };
    };
    const own = linking('echo own > /etc/hostname-of-mine; ln -s /etc/hostname-of-mine "$0"; ln -s /etc/hostname-of-mine "$1"');
    const { outcome } = await bench.run(own);
    assert(outcome.kind === 'succeeded', JSON.stringify(outcome));
    assert.equal(outcome.outputs.parameters['text'], 'own\n');
    assert.equal(readFileSync(own.outputs.artifacts['data']!.uri, 'utf8'), 'own\n');
    const missing = /parameter name="text".*no such file/;
    assert.match((await errorOf(bench, linking(`ln -s ${secret} "$0"`))).message, missing);
    const byFolder = `d=$(dirname "$0"); rm -rf "$d"; mkdir -p "$d" || true; rm -rf "$d"/*; ln -s ${secret} "$0"`;
    assert.match((await errorOf(bench, linking(byFolder))).message, missing);
    const link = linking(`echo x > "$0"; ln -s ${secret} "$1"`);
    await bench.run(link);
    assert.equal(existsSync(link.outputs.artifacts['data']!.uri), false);
  },
);

const python = await dockerForTests(['python:3.11']);

test('docker: a lightweight Python component runs without a network if its image has kfp.', { skip: python.skip }, async () => {
  await using bench = await Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, network: 'none' }));
  const step = withArtifact(
    bench.step('', {
      image: 'python:3.11',
      ...pythonCommand('train', [
        'def train(rows: int, data: Output[Dataset]) -> int:',
        '    import os',
        '    with open(data.path, "w") as file:',
        '        file.write("x" * rows)',
        '    data.metadata["rows"] = rows',
        '    print("trained in a container:", any(map(os.path.exists, ["/.dockerenv", "/run/.containerenv"])))',
        '    return rows * 2',
      ]),
      inputs: { parameters: { rows: 21 }, artifacts: {} },
    }),
    'data',
  );
  const { outcome } = await bench.run({ ...step, outputs: { ...step.outputs, parameters: { Output: 'NUMBER_INTEGER' } } });
  assert(outcome.kind === 'succeeded', JSON.stringify(outcome));
  assert.deepEqual(outcome.outputs.parameters, { Output: 42 });
  const [artifact] = outcome.outputs.artifacts['data']!;
  assert.equal(artifact!.sizeBytes, 21);
  assert.equal(artifact!.metadata['rows'], 21);
  assert.match(logOf(bench, step), /trained in a container: True/);
});
