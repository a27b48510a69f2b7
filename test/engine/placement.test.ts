// Steps that ask for CPU, memory, accelerators and nodes, on the real engine with processes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import type { PlacementSettings } from '../../src/engine/admission-capacity.ts';
import type { PipelineDocument, ResourceSpec } from '../../src/ir/spec.ts';
import { logFile } from '../../src/launcher/log-file.ts';
import type { TaskRow } from '../../src/model/run.ts';
import { openPlatform, type Platform } from '../../src/start.ts';
import { container, dag, param, pipelineDocument, step, task } from '../support/spec-builder.ts';

const GPU = 'nvidia.com/gpu';

interface Step {
  readonly sh: string;
  readonly resources?: ResourceSpec;
  readonly platform?: JsonObject;
  /** Constant of the input `amount`. */
  readonly amount?: string;
}

function pipeline(steps: Readonly<Record<string, Step>>): PipelineDocument {
  const entries = Object.entries(steps);
  const inputs = { amount: param('STRING', { defaultValue: '' }) };
  const tasks = entries.map(([name, { amount = '' }]) => [
    name,
    task(`comp-${name}`, {
      caching: { enabled: false },
      inputs: { parameters: { amount: { kind: 'constant', value: amount } }, artifacts: {} },
    }),
  ]);
  const executors = entries.map(([name, { sh, resources }]) => {
    const program = container(['sh', '-c', sh]);
    assert(program.kind === 'container');
    return [`exec-${name}`, { kind: 'container', container: { ...program.container, ...(resources && { resources }) } }] as const;
  });
  const components = entries.map(([name]) => [`comp-${name}`, step(`exec-${name}`, { inputs })]);
  const document = pipelineDocument(
    dag(Object.fromEntries(tasks)),
    Object.fromEntries(components),
    Object.fromEntries(executors),
  );
  const platforms = entries.flatMap(([name, { platform }]) => (platform ? [[`exec-${name}`, platform]] : []));
  return { ...document, platform: { ...document.platform, executors: Object.fromEntries(platforms) } };
}

/** A data folder and the platforms opened on it; a gate is a file that steps wait for. */
class Scene implements AsyncDisposable {
  readonly folder: string;
  readonly #placement: PlacementSettings;
  platform!: Platform;

  private constructor(folder: string, placement: PlacementSettings) {
    this.folder = folder;
    this.#placement = placement;
  }

  static async open(placement: PlacementSettings): Promise<Scene> {
    const scene = new Scene(await mkdtemp(join(tmpdir(), 'pipewright-placement-')), placement);
    await scene.reopen();
    return scene;
  }

  async reopen(): Promise<void> {
    await this.platform?.close();
    this.platform = await openPlatform({ dataDir: this.folder, slots: 8, placement: this.#placement });
  }

  gate(name: string): string {
    return join(this.folder, `gate-${name}`);
  }

  /** Shell text that says which GPUs it sees, then waits for the gate. */
  waitsFor(name: string): string {
    return `echo "gpus [$CUDA_VISIBLE_DEVICES]"; until [ -e '${this.gate(name)}' ]; do sleep 0.02; done`;
  }

  openGate(name: string): void {
    writeFileSync(this.gate(name), '');
  }

  async submit(steps: Readonly<Record<string, Step>>, priority?: number): Promise<string> {
    const settings = priority === undefined ? {} : { settings: { priority } };
    return (await this.platform.engine.submit({ document: pipeline(steps), ...settings })).runId;
  }

  /** The row of the step once it is as wanted. */
  async until(runId: string, path: string, isAsWanted: (row: TaskRow) => boolean): Promise<TaskRow> {
    const { engine, store } = this.platform;
    const { promise, resolve } = Promise.withResolvers<TaskRow>();
    const look = (rows: readonly TaskRow[]) => {
      const row = rows.find((candidate) => candidate.runId === runId && candidate.path === path && isAsWanted(candidate));
      if (row) resolve(row);
    };
    const unsubscribe = engine.subscribe(({ tasks }) => look(tasks));
    look(await store.listTasks(runId));
    return promise.finally(unsubscribe);
  }

  running(runId: string, path: string): Promise<TaskRow> {
    return this.until(runId, path, ({ state }) => state === 'RUNNING');
  }

  log(runId: string, task: number): string {
    const file = logFile(this.folder, `${runId}.${task}.0`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.platform.close({ cancelRunning: true });
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

test('a step that waits says for what, and no longer when it runs', async () => {
  await using scene = await Scene.open({ capacity: { cpuMillis: 4000 } });
  const resources = { cpuRequest: '3' };
  const runId = await scene.submit({
    first: { sh: scene.waitsFor('first'), resources },
    second: { sh: scene.waitsFor('second'), resources },
  });
  const waiting = await scene.until(runId, '/second', ({ stateReason }) => stateReason?.startsWith('waits') === true);
  assert.equal(waiting.stateReason, 'waits for 3 CPU: 1 of 4 free');
  assert.equal(waiting.state, 'PENDING');
  scene.openGate('first');
  const running = await scene.running(runId, '/second');
  assert.doesNotMatch(running.stateReason ?? '', /waits/);
  scene.openGate('second');
  assert.equal((await scene.platform.engine.wait(runId)).state, 'SUCCEEDED');
});

test('what waits is told again while what it waits for changes', async () => {
  await using scene = await Scene.open({ capacity: { cpuMillis: 4000 } });
  const runId = await scene.submit({
    a: { sh: scene.waitsFor('a'), resources: { cpuRequest: '2' } },
    b: { sh: scene.waitsFor('b'), resources: { cpuRequest: '2' } },
    large: { sh: 'true', resources: { cpuRequest: '4' } },
  });
  await scene.until(runId, '/large', ({ stateReason }) => stateReason === 'waits for 4 CPU: 0 of 4 free');
  scene.openGate('a');
  await scene.until(runId, '/large', ({ stateReason }) => stateReason === 'waits for 4 CPU: 2 of 4 free');
  scene.openGate('b');
  assert.equal((await scene.platform.engine.wait(runId)).state, 'SUCCEEDED');
});

test('GPUs belong to one step each; steps that are adopted after a restart keep theirs', async () => {
  await using scene = await Scene.open({ capacity: { accelerators: { [GPU]: 2 } } });
  const resources = { accelerator: { type: GPU, count: '1' } };
  const first = await scene.submit({ a: { sh: scene.waitsFor('a'), resources } });
  await scene.running(first, '/a');
  const second = await scene.submit({ b: { sh: scene.waitsFor('b'), resources }, none: { sh: scene.waitsFor('b') } });
  const before = await scene.running(second, '/b');
  assert.deepEqual(before.placement, { devices: { [GPU]: [1] } });
  const third = await scene.submit({ c: { sh: scene.waitsFor('c'), resources } });
  await scene.until(third, '/c', ({ stateReason }) => stateReason === `waits for 1 ${GPU}: 0 of 2 free`);
  await scene.reopen();
  const fourth = await scene.submit({ d: { sh: scene.waitsFor('d'), resources } });
  await scene.until(fourth, '/d', ({ stateReason }) => stateReason === `waits for 1 ${GPU}: 0 of 2 free`);
  scene.openGate('b');
  assert.deepEqual((await scene.running(third, '/c')).placement, { devices: { [GPU]: [1] } });
  for (const gate of ['a', 'c', 'd']) scene.openGate(gate);
  for (const runId of [first, second, third, fourth])
    assert.equal((await scene.platform.engine.wait(runId)).state, 'SUCCEEDED', runId);
  const tasks = await scene.platform.store.listTasks(second);
  const logOf = (path: string) => scene.log(second, tasks.find((row) => row.path === path)!.task);
  assert.match(logOf('/b'), /gpus \[1\]/);
  assert.match(logOf('/none'), /gpus \[\]/);
  const attempts = await scene.platform.store.listAttempts(third);
  assert.deepEqual(attempts[0]!.placement, { devices: { [GPU]: [1] } });
});

test('what can never fit fails at once with the reason and the next step, also when parameters ask for it', async () => {
  await using scene = await Scene.open({ capacity: { cpuMillis: 2000, memoryBytes: 2 ** 30 } });
  const placeholder = "{{$.inputs.parameters['amount']}}";
  const runId = await scene.submit({
    cpu: { sh: 'true', resources: { cpuRequest: placeholder }, amount: '64' },
    memory: { sh: 'true', resources: { memoryLimit: '2Gi' } },
    nonsense: { sh: 'true', resources: { memoryRequest: placeholder }, amount: 'lots' },
    reversed: { sh: 'true', resources: { cpuRequest: '2', cpuLimit: '1' } },
    fits: { sh: 'true', resources: { cpuRequest: placeholder, memoryLimit: '512Mi' }, amount: '1500m' },
    unset: { sh: 'true', resources: { cpuRequest: placeholder } },
  });
  assert.equal((await scene.platform.engine.wait(runId)).state, 'FAILED');
  const tasks = new Map((await scene.platform.store.listTasks(runId)).map((row) => [row.path, row]));
  const messages: Readonly<Record<string, RegExp>> = {
    '/cpu': /asks for 64 CPU, and the machine has 2/,
    '/memory': /asks for 2 GiB of memory, and the machine has 1 GiB/,
    '/nonsense': /"lots" as its memory request, which is not a quantity/,
    '/reversed': /more CPU than its CPU limit/,
  };
  for (const [path, message] of Object.entries(messages)) {
    assert.match(tasks.get(path)!.error!.message, message);
    assert(tasks.get(path)!.error!.hint, path);
  }
  for (const path of ['/fits', '/unset']) assert.equal(tasks.get(path)!.state, 'SUCCEEDED', path);
});

test('selectors, tolerations and affinity choose among node pools', async () => {
  const pool = { taints: [], cpuMillis: 2000, memoryBytes: 2 ** 30, accelerators: {} };
  const pools = [
    { ...pool, name: 'plain', labels: { disk: 'hdd' } },
    { ...pool, name: 'fast', labels: { disk: 'ssd', zone: 'b' } },
    { ...pool, name: 'kept', labels: { disk: 'tape' }, taints: [{ key: 'kept', value: 'yes', effect: 'NoSchedule' as const }] },
  ];
  await using scene = await Scene.open({ pools });
  const inZone = { matchExpressions: [{ key: 'zone', operator: 'Exists' }] };
  const runId = await scene.submit({
    anywhere: { sh: 'true' },
    selected: { sh: 'true', platform: { nodeSelector: { labels: { disk: 'ssd' } } } },
    liking: { sh: 'true', platform: { nodeAffinity: [{ ...inZone, weight: 10 }] } },
    required: { sh: 'true', platform: { nodeAffinity: [inZone] } },
    json: {
      sh: 'true',
      platform: {
        nodeSelector: { nodeSelectorJson: { runtimeValue: { constant: { disk: 'tape' } } } },
        tolerations: [{ tolerationJson: { runtimeValue: { constant: [{ key: 'kept', operator: 'Exists' }] } } }],
      },
    },
    nowhere: { sh: 'true', platform: { nodeSelector: { labels: { disk: 'ram' } } } },
  });
  assert.equal((await scene.platform.engine.wait(runId)).state, 'FAILED');
  const tasks = await scene.platform.store.listTasks(runId);
  const places = Object.fromEntries(tasks.map(({ path, placement }) => [path, placement?.node]));
  assert.deepEqual(places, {
    '/': undefined,
    '/anywhere': 'plain',
    '/selected': 'fast',
    '/liking': 'fast',
    '/required': 'fast',
    '/json': 'kept',
    '/nowhere': undefined,
  });
  const { error } = tasks.find(({ path }) => path === '/nowhere')!;
  assert.match(error!.message, /asks for a node with disk=ram, and no node pool has that/);
  assert.match(error!.hint!, /disk=hdd of pool plain, disk=ssd of pool fast/);
});

test('runs with a larger priority start their steps first', async () => {
  await using scene = await Scene.open({ capacity: { cpuMillis: 1000 } });
  const resources = { cpuRequest: '1' };
  const first = await scene.submit({ a: { sh: scene.waitsFor('a'), resources } });
  await scene.running(first, '/a');
  const low = await scene.submit({ a: { sh: 'true', resources } });
  const high = await scene.submit({ a: { sh: 'true', resources } }, 10);
  scene.openGate('a');
  await Promise.all([low, high].map((runId) => scene.platform.engine.wait(runId)));
  const startOf = async (runId: string) => (await scene.platform.store.listAttempts(runId))[0]!.startedAtMs!;
  assert((await startOf(high)) <= (await startOf(low)));
});
