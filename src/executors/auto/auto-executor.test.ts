import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import { CAPABILITIES, jointCapabilities } from '../capabilities.ts';
import type { Capacity, Executor, ExecutorCapabilities, LaunchInitContainer, Observation, TaskLaunch } from '../executor.ts';
import { openProcessExecutor } from '../process/process-executor.ts';
import { openAutoExecutor } from './auto-executor.ts';
import type { RouteRules } from './route-step.ts';

/** An executor that remembers what it is told. */
class Recorder implements Executor {
  readonly name: string;
  readonly capabilities: ExecutorCapabilities;
  readonly calls: string[] = [];
  readonly #capacity: Capacity;
  refusesToStart: boolean;
  observe: (observation: Observation) => void = () => {};

  constructor(name: string, options: { readonly capacity?: Partial<Capacity>; readonly refusesToStart?: boolean } = {}) {
    this.name = name;
    this.capabilities = name === 'docker' ? CAPABILITIES.docker : CAPABILITIES.process;
    this.#capacity = { slots: 8, cpuMillis: 2000, memoryBytes: 100, accelerators: {}, ...options.capacity };
    this.refusesToStart = options.refusesToStart === true;
  }

  capacity = () => this.#capacity;
  async start(observe: (observation: Observation) => void): Promise<void> {
    if (this.refusesToStart) throw new Error('nobody listens on the socket');
    this.observe = observe;
  }
  launch = ({ attemptId }: TaskLaunch) => void this.calls.push(`launch ${attemptId}`);
  reattach = ({ attemptId }: TaskLaunch) => void this.calls.push(`reattach ${attemptId}`);
  cancel = (attemptId: string) => void this.calls.push(`cancel ${attemptId}`);
  async stop(): Promise<void> {
    this.calls.push('stop');
  }
  finish(attemptId: string): void {
    const outcome = { kind: 'canceled' } as const;
    this.observe({ kind: 'finished', attemptId, outcome, startedAtMs: 1, endedAtMs: 2 });
  }
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function scene(options: { readonly rules?: RouteRules; readonly docker?: Recorder; readonly dataDir?: string } = {}) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'pipewright-auto-'));
  if (options.dataDir === undefined) folders.push(dataDir);
  const [process, docker] = [new Recorder('process'), options.docker ?? new Recorder('docker')];
  const { rules } = options;
  const auto = openAutoExecutor({ process, docker, dataDir, clock: systemClock, ...(rules && { rules }) });
  return { auto, process, docker, dataDir };
}

const step = (attemptId: string, image: string) =>
  ({
    attemptId,
    image,
    path: `/${attemptId}`,
    command: ['true'],
    args: [],
    inputs: { parameters: {}, artifacts: {} },
    platform: { initContainers: [] },
  }) as unknown as TaskLaunch;

const ON_HOST: RouteRules = { steps: [], images: [{ pattern: 'host', target: 'process' }] };

test('a start asks Docker first, and starts the processes while it waits for the answer', async () => {
  const { auto, process, docker } = scene();
  const order: string[] = [];
  const answered = Promise.withResolvers<void>();
  docker.start = async () => {
    order.push('docker is asked');
    await answered.promise;
    order.push('docker answers');
  };
  process.start = async () => {
    order.push('processes are started');
    answered.resolve();
  };
  await auto.start(() => {});
  assert.deepEqual(order, ['docker is asked', 'processes are started', 'docker answers']);
});

test('steps go to the executor that the rule names, and cancels follow them', async () => {
  const { auto, process, docker, dataDir } = scene({ rules: ON_HOST });
  const seen: Observation[] = [];
  await auto.start((observation) => seen.push(observation));
  auto.launch(step('r.1.0', 'host'));
  auto.launch(step('r.2.0', 'alpine'));
  auto.cancel('r.1.0');
  auto.cancel('r.2.0');
  auto.cancel('r.3.0');
  assert.deepEqual(process.calls, ['launch r.1.0', 'cancel r.1.0']);
  assert.deepEqual(docker.calls, ['launch r.2.0', 'cancel r.2.0']);
  assert(existsSync(join(dataDir, 'auto', 'r.2.0')));
  process.finish('r.1.0');
  docker.finish('r.2.0');
  assert.equal(seen.length, 2);
  assert.deepEqual(readdirSync(join(dataDir, 'auto')), []);
  await auto.stop();
  assert.equal(process.calls.at(-1), 'stop');
  assert.equal(docker.calls.at(-1), 'stop');
});

test('after a restart with other rules, each step is adopted by the executor that has it', async () => {
  const before = scene({ rules: ON_HOST });
  await before.auto.start(() => {});
  before.auto.launch(step('r.1.0', 'host'));
  before.auto.launch(step('r.2.0', 'alpine'));
  const log = logFile(before.dataDir, 'r.1.0');
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, '');
  const rules: RouteRules = { steps: [], images: [{ pattern: 'alpine', target: 'process' }] };
  const after = scene({ rules, dataDir: before.dataDir });
  await after.auto.start(() => {});
  for (const launch of [step('r.1.0', 'host'), step('r.2.0', 'alpine'), step('r.3.0', 'alpine')]) after.auto.reattach(launch);
  assert.deepEqual(after.process.calls, ['reattach r.1.0', 'reattach r.3.0']);
  assert.deepEqual(after.docker.calls, ['reattach r.2.0']);
});

test('without Docker, a step that was chosen for it fails with the reason and the next step; others run', async () => {
  const rules: RouteRules = { steps: [], images: [{ pattern: 'alpine', target: 'docker' }, ...ON_HOST.images] };
  const { auto, process } = scene({ docker: new Recorder('docker', { refusesToStart: true }), rules });
  const { promise, resolve } = Promise.withResolvers<Observation>();
  await auto.start(resolve);
  auto.launch(step('r.1.0', 'host'));
  auto.launch(step('r.2.0', 'alpine'));
  const observation = await promise;
  assert(observation.kind === 'finished' && observation.outcome.kind === 'failed');
  assert.equal(observation.attemptId, 'r.2.0');
  assert.match(observation.outcome.error.message, /chosen for the image.*nobody listens on the socket/);
  assert.match(observation.outcome.error.hint!, /--image-on-host alpine/);
  assert.deepEqual(process.calls, ['launch r.1.0']);
  assert.deepEqual(auto.capabilities, CAPABILITIES.process);
});

test('without Docker, a step that only the rule sends there runs as a process, with a warning, and stays one', async () => {
  const before = scene({ docker: new Recorder('docker', { refusesToStart: true }) });
  const { promise, resolve } = Promise.withResolvers<Observation>();
  await before.auto.start(resolve);
  before.auto.launch(step('r.1.0', 'alpine'));
  const note = await promise;
  assert(note.kind === 'note' && note.severity === 'warning');
  assert.match(note.message, /without its image alpine: nobody listens on the socket/);
  assert.deepEqual(before.process.calls, ['launch r.1.0']);
  const after = scene({ dataDir: before.dataDir });
  await after.auto.start(() => {});
  after.auto.reattach(step('r.1.0', 'alpine'));
  assert.deepEqual(after.process.calls, ['reattach r.1.0']);
  after.process.finish('r.1.0');
  assert.deepEqual(readdirSync(join(before.dataDir, 'auto')), []);
});

test('Docker that comes later is used from then on; a step that is cancelled while it is looked for is canceled', async () => {
  const docker = new Recorder('docker', { refusesToStart: true });
  const { auto } = scene({ docker });
  const seen: Observation[] = [];
  await auto.start((observation) => seen.push(observation));
  docker.refusesToStart = false;
  auto.launch(step('r.1.0', 'alpine'));
  auto.launch(step('r.2.0', 'alpine'));
  auto.cancel('r.2.0');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(docker.calls, ['launch r.1.0']);
  assert.equal(auto.capabilities.images, true);
  assert(seen.length === 1 && seen[0]!.kind === 'finished' && seen[0]!.outcome.kind === 'canceled');
});

test('marks of attempts that ended while nobody looked are removed', async () => {
  const { auto, dataDir } = scene();
  mkdirSync(join(dataDir, 'auto'));
  for (const name of ['r.1.0', 'r.2.0']) writeFileSync(join(dataDir, 'auto', name), '');
  await auto.start(() => {});
  auto.reattach(step('r.1.0', 'alpine'));
  auto.launch(step('r.3.0', 'alpine'));
  assert.deepEqual(readdirSync(join(dataDir, 'auto')).sort(), ['r.1.0', 'r.3.0']);
});

test('the machine is there once, however many executors work on it', async () => {
  const docker = new Recorder('docker', { capacity: { cpuMillis: 4000, accelerators: { 'nvidia.com/gpu': 1 } } });
  const { auto } = scene({ docker });
  await auto.start(() => {});
  assert.deepEqual(auto.capacity(), { slots: 8, cpuMillis: 4000, memoryBytes: 100, accelerators: { 'nvidia.com/gpu': 1 } });
  assert.deepEqual(auto.capabilities, jointCapabilities([CAPABILITIES.process, CAPABILITIES.docker]));
});

test('a step that is mapped to the host runs as a process', async () => {
  const rules: RouteRules = { steps: [], images: [{ pattern: '*', target: 'process' }] };
  await using bench = await Bench.open((host) =>
    openAutoExecutor({ ...host, clock: systemClock, rules, process: openProcessExecutor({ ...host, clock: systemClock }) }),
  );
  const launch = bench.step('exit 3');
  bench.executor.launch(launch);
  const { outcome } = await bench.finished(launch.attemptId);
  assert(outcome.kind === 'failed' && outcome.error.code === 3);
});

test('what only containers can do goes to Docker, whatever the image', async () => {
  const { auto, process, docker } = scene();
  await auto.start(() => {});
  const node = { ...step('r.1.0', 'node:24'), command: ['node', '-e', '0'] };
  const model = { id: 'm', name: 'm', uri: 'oci://registry/model:1', type: {}, metadata: {} };
  auto.launch(node);
  auto.launch({ ...node, attemptId: 'r.2.0', inputs: { parameters: {}, artifacts: { model: [model] } } });
  auto.launch({ ...node, attemptId: 'r.3.0', platform: { ...node.platform, initContainers: [{} as LaunchInitContainer] } });
  assert.deepEqual([process.calls, docker.calls], [['launch r.1.0'], ['launch r.2.0', 'launch r.3.0']]);
  await auto.stop();
});
