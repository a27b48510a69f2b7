import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAIN } from '../../../test/contract/executor-fixtures.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { ImageFacts } from '../../docker/images.ts';
import type { TaskLaunch } from '../executor.ts';
import { containerConfig, type ContainerSetting } from './container-config.ts';
import { chooseUser } from './container-user.ts';
import type { DockerAttempt } from './docker-attempt.ts';

const INFO: DockerInfo = {
  engine: 'docker',
  version: '1',
  cpus: 4,
  memoryBytes: 2 ** 33,
  rootless: false,
  keepsContainers: false,
  gpus: true,
  dataRoot: '',
  logDrivers: ['json-file', 'local'],
  networks: ['bridge', 'host', 'none'],
};
const IMAGE: ImageFacts = { id: 'sha256:1', user: '', workingDir: '', entrypoint: ['/entry'], cmd: ['default'], repoDigests: [] };

interface Body {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir?: string;
  readonly HostConfig: Readonly<Record<string, unknown>>;
}

function config(
  launch: Partial<TaskLaunch>,
  words: readonly [readonly string[], readonly string[]],
  setting: Partial<ContainerSetting> = {},
): Body {
  const attempt = {
    launch: { image: 'image', resources: {}, platform: PLAIN, ...launch },
    paths: { work: '/data/work' },
    staged: { env: { NAME: 'value' } },
  } as unknown as DockerAttempt;
  const full = {
    info: INFO,
    image: IMAGE,
    env: {},
    mounts: [],
    user: undefined,
    labels: {},
    useInit: true,
    hasShell: false,
    ...setting,
  };
  return containerConfig(attempt, { command: words[0], args: words[1] }, full) as Body;
}

test('a command replaces the program of the image and its arguments; args only its arguments', () => {
  const rows: readonly (readonly [readonly string[], readonly string[], unknown, unknown, readonly string[]])[] = [
    [['sh', '-c'], ['x'], ['sh', '-c'], ['x'], ['sh', '-c', 'x']],
    [['sh'], [], ['sh'], [], ['sh']],
    [[], ['x'], undefined, ['x'], ['/entry', 'x']],
    [[], [], undefined, undefined, ['/entry', 'default']],
  ];
  for (const [command, args, entrypoint, cmd, merged] of rows) {
    const plain = config({}, [command, args]);
    assert.deepEqual([plain.Entrypoint, plain.Cmd], [entrypoint, cmd]);
    const oneStream = config({}, [command, args], { hasShell: true });
    assert.deepEqual(oneStream.Entrypoint, ['/bin/sh', '-c', 'exec "$0" "$@" 2>&1', ...merged]);
  }
});

test('a variable that a shell would lose keeps the streams apart', () => {
  assert.deepEqual(config({}, [['x'], []], { hasShell: true, env: { 'a.b': '1' } }).Entrypoint, ['x']);
});

test('names of variables in a command are replaced, and nothing else is', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['$(NAME)', 'value'],
    ['$$(NAME)', '$(NAME)'],
    ['$(date)', '$(date)'],
    ['$$', '$$'],
    ['echo $$(date)', 'echo $$(date)'],
    ['$((1+2))', '$((1+2))'],
  ];
  for (const [given, expected] of rows) assert.deepEqual(config({}, [[given], []]).Entrypoint, [expected]);
});

test('requests are weights and limits are limits, within what the daemon takes', () => {
  const { HostConfig } = config(
    { resources: { cpuMillis: 500, cpuLimitMillis: 9000, memoryBytes: 2 ** 30, memoryLimitBytes: 1000 } },
    [['x'], []],
  );
  assert.equal(HostConfig['CpuShares'], 512);
  assert.equal(HostConfig['NanoCpus'], 4e9);
  assert.equal(HostConfig['Memory'], 6 * 2 ** 20);
  assert.equal(HostConfig['MemorySwap'], 6 * 2 ** 20);
  assert.equal(HostConfig['MemoryReservation'], 6 * 2 ** 20);
});

test('the GPUs that were assigned are handed on by their indexes', () => {
  const { HostConfig } = config({ placement: { devices: { 'nvidia.com/gpu': [0, 2] } } }, [['x'], []]);
  assert.deepEqual(HostConfig['DeviceRequests'], [{ Driver: 'nvidia', DeviceIDs: ['0', '2'], Capabilities: [['gpu']] }]);
  assert.equal(config({}, [['x'], []]).HostConfig['DeviceRequests'], undefined);
});

test('a daemon without a bridge shares the host’s network; a network that is asked for wins', () => {
  const noBridge = { ...INFO, networks: ['host', 'none'] };
  assert.equal(config({}, [['x'], []]).HostConfig['NetworkMode'], undefined);
  assert.equal(config({}, [['x'], []], { info: noBridge }).HostConfig['NetworkMode'], 'host');
  assert.equal(config({}, [['x'], []], { network: 'none' }).HostConfig['NetworkMode'], 'none');
});

test('an image’s own folder is kept; otherwise the step begins in ours', () => {
  assert.equal(config({}, [['x'], []]).WorkingDir, '/data/work');
  assert.equal(config({}, [['x'], []], { image: { ...IMAGE, workingDir: '/app' } }).WorkingDir, undefined);
});

test('a step runs as whom it asks for, else whom its image names, else ourselves instead of root', () => {
  const rows: readonly (readonly [TaskLaunch['platform']['securityContext'], string, string | undefined, string | undefined])[] =
    [
      [undefined, '', undefined, undefined],
      [undefined, '', '1000:1000', '1000:1000'],
      [undefined, 'root', '1000:1000', '1000:1000'],
      [undefined, 'app', '1000:1000', undefined],
      [{ runAsUser: 7 }, 'app', '1000:1000', '7'],
      [{ runAsUser: 7, runAsGroup: 8 }, '', undefined, '7:8'],
      [{ runAsGroup: 8 }, 'app:app', undefined, 'app:8'],
      [{ runAsNonRoot: true }, 'app', undefined, undefined],
    ];
  for (const [securityContext, user, ours, expected] of rows) {
    const launch = { image: 'i', platform: { ...PLAIN, ...(securityContext && { securityContext }) } } as unknown as TaskLaunch;
    assert.deepEqual(chooseUser(launch, { ...IMAGE, user }, ours), { kind: 'user', user: expected });
  }
  const nonRoot = { image: 'i', platform: { ...PLAIN, securityContext: { runAsNonRoot: true } } } as unknown as TaskLaunch;
  assert.equal(chooseUser(nonRoot, IMAGE, undefined).kind, 'failed');
});
