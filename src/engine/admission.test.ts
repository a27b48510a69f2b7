import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdmissionScene, GPU } from '../../test/support/admission-scene.ts';
import type { NodePool, ResourceRequest } from '../executors/executor.ts';
import { Admission, MAX_OVERTAKING, MAX_WAIT_MS } from './admission.ts';
import { admissionCapacity } from './admission-capacity.ts';
import { constraintsOf } from './admission-matching.ts';

test('steps of a run are admitted in the order they became ready, up to the slots', () => {
  const scene = new AdmissionScene({ slots: 2 });
  for (const name of ['a', 'b', 'c']) scene.offer('r', name);
  assert.deepEqual(scene.admitted(), ['a', 'b']);
  scene.release('a');
  assert.deepEqual(scene.admitted(), ['c']);
});

test('runs take turns', () => {
  const scene = new AdmissionScene();
  for (const name of ['r1', 'r2', 'r3', 's1', 's2']) scene.offer(name[0]!, name);
  assert.deepEqual(scene.admitted(), ['r1', 's1', 'r2', 's2', 'r3']);
});

test('what is in use never exceeds CPU, memory or accelerators', () => {
  const scene = new AdmissionScene();
  scene.offer('r', 'cpu', { cpuMillis: 3000 });
  scene.offer('s', 'too much cpu', { cpuMillis: 2000 });
  scene.offer('t', 'gpu', { accelerator: { type: GPU, count: 2 } });
  scene.offer('u', 'second gpu', { accelerator: { type: GPU, count: 1 } });
  scene.offer('v', 'memory', { memoryBytes: 1000 });
  scene.offer('w', 'more memory', { memoryBytes: 1 });
  assert.deepEqual(scene.admitted(), ['cpu', 'gpu', 'memory']);
  scene.release('cpu');
  assert.deepEqual(scene.admitted(), ['too much cpu']);
});

test('accelerators are handed out by the indexes the machine has them under, whatever pools they are in', () => {
  const machine = { slots: 9, cpuMillis: 4000, memoryBytes: 1000, accelerators: { [GPU]: 2 }, devices: { [GPU]: [6, 2] } };
  const devices = (settings: object) =>
    admissionCapacity(machine, settings, { strict: true }).nodes.map((node) =>
      Array.from({ length: 9 }, (_, index) => index).filter((index) => node.has(GPU, index)),
    );
  assert.deepEqual(devices({}), [[2, 6]]);
  assert.deepEqual(devices({ capacity: { accelerators: { [GPU]: 1 } } }), [[6]]);
  assert.deepEqual(devices({ capacity: { accelerators: { [GPU]: 4 } } }), [[0, 1, 2, 6]]);
  const pool = { name: 'a', labels: {}, taints: [], cpuMillis: 1, memoryBytes: 1, accelerators: { [GPU]: 1 } };
  assert.deepEqual(devices({ pools: [pool, { ...pool, name: 'b' }, { ...pool, name: 'c' }] }), [[6], [2], [0]]);
});

test('a step that does not fit holds up only its like, also within its run', () => {
  const scene = new AdmissionScene();
  scene.offer('r', 'first', { cpuMillis: 3000 });
  scene.offer('r', 'large', { cpuMillis: 3000 });
  scene.offer('r', 'small', { cpuMillis: 1000 });
  assert.deepEqual(scene.admitted(), ['first', 'small']);
});

test('a run with a larger priority comes first, and what it waits for is not given to others', () => {
  const scene = new AdmissionScene();
  scene.offer('low', 'running', { cpuMillis: 3000 });
  assert.deepEqual(scene.admitted(), ['running']);
  scene.offer('low', 'low 1', { cpuMillis: 1000 });
  scene.offer('high', 'high', { cpuMillis: 4000 }, 10);
  assert.deepEqual(scene.admitted(), []);
  scene.release('running');
  assert.deepEqual(scene.admitted(), ['high']);
  scene.release('high');
  assert.deepEqual(scene.admitted(), ['low 1']);
});

for (const [bound, stepMs] of [
  ['number of others', 0],
  ['time', MAX_WAIT_MS / 10],
] as const) {
  test(`a large step is not overtaken for ever by small ones: a node is kept for it after a ${bound}`, () => {
    const scene = new AdmissionScene({ slots: 1000 });
    scene.offer('small', 'small', { cpuMillis: 1000 });
    scene.admitted();
    scene.offer('large', 'large', { cpuMillis: 4000 });
    let passed = 0;
    for (let round = 0; round < 500; round += 1) {
      scene.offer('small', `small ${round}`, { cpuMillis: 10 });
      const names = scene.admitted();
      passed += names.length;
      scene.release(...names);
      scene.nowMs += stepMs;
    }
    const limit = stepMs === 0 ? MAX_OVERTAKING : 10;
    assert(passed > 0 && passed <= limit + 1, `${passed} small steps passed the large one`);
    scene.release('small');
    assert.equal(scene.admitted()[0], 'large');
  });
}

test('while a node is kept for a step, others use what the step will not need', () => {
  const scene = new AdmissionScene({ slots: 1000 });
  scene.offer('large', 'large 1', { cpuMillis: 3000 });
  scene.admitted();
  scene.offer('large', 'large 2', { cpuMillis: 3000 });
  scene.admitted();
  scene.nowMs = MAX_WAIT_MS;
  for (let round = 0; round < 100; round += 1) {
    scene.offer('small', `small ${round}`, { cpuMillis: 500 });
    scene.offer('small', `other ${round}`, { cpuMillis: 500 });
    const names = scene.admitted();
    assert.equal(names.length, 2);
    scene.release(...names);
  }
  scene.offer('small', 'still running', { cpuMillis: 1000 });
  scene.admitted();
  scene.release('large 1');
  assert.deepEqual(scene.admitted(), ['large 2']);
});

test('what was kept for a step that is cancelled is given to others', () => {
  const scene = new AdmissionScene();
  scene.offer('r', 'a', { cpuMillis: 1000 });
  scene.offer('r', 'b', { cpuMillis: 2000 });
  scene.admitted();
  scene.offer('l', 'large', { cpuMillis: 4000 });
  scene.admitted();
  scene.nowMs = MAX_WAIT_MS;
  scene.release('a');
  scene.offer('s', 'small', { cpuMillis: 1000 });
  assert.deepEqual(scene.admitted(), []);
  scene.release('b');
  assert.deepEqual(
    scene.admitted((name) => name === 'large'),
    ['small'],
  );
});

test('accelerators are assigned one by one, and an adopted step keeps its own', () => {
  const scene = new AdmissionScene({ accelerators: { [GPU]: 3 } });
  const one = { accelerator: { type: GPU, count: 1 } };
  const adopted = scene.admission.take('r', scene.admission.shapeOf({ request: one }), { devices: { [GPU]: [1] } });
  scene.offer('r', 'a', one);
  scene.offer('r', 'b', one);
  scene.offer('r', 'c', one);
  assert.deepEqual(scene.admitted(), ['a', 'b']);
  assert.deepEqual(
    [adopted, scene.holdings.get('a')!, scene.holdings.get('b')!].map(({ devices }) => devices),
    [[1], [0], [2]],
  );
  scene.admission.release(adopted);
  assert.deepEqual(scene.admitted(), ['c']);
  assert.deepEqual(scene.holdings.get('c')!.devices, [1]);
});

test('stale offers are dropped', () => {
  const scene = new AdmissionScene();
  scene.offer('r', 'gone');
  scene.offer('r', 'here');
  assert.deepEqual(
    scene.admitted((name) => name === 'gone'),
    ['here'],
  );
});

test('what waits says for what', () => {
  const scene = new AdmissionScene({ cpuMillis: 8000, memoryBytes: 2 ** 34 });
  scene.offer('r', 'running', { cpuMillis: 7000, memoryBytes: 3 * 2 ** 32, accelerator: { type: GPU, count: 1 } });
  scene.admitted();
  const rows: readonly [ResourceRequest, string][] = [
    [{ cpuMillis: 4000 }, 'waits for 4 CPU: 1 of 8 free'],
    [{ cpuMillis: 1500 }, 'waits for 1.5 CPU: 1 of 8 free'],
    [{ memoryBytes: 2 ** 33 }, 'waits for 8 GiB of memory: 4 GiB of 16 GiB free'],
    [{ accelerator: { type: GPU, count: 2 } }, `waits for 2 ${GPU}: 1 of 2 free`],
  ];
  for (const [request, expected] of rows) assert.equal(scene.waitsFor(request), expected);
  const full = new AdmissionScene({ slots: 1 });
  full.offer('r', 'a');
  full.admitted();
  assert.equal(full.waitsFor({ cpuMillis: 1 }), 'waits for a free slot: 1 step runs at once');
});

test('what can never fit is refused with the reason and the next step', () => {
  const { admission } = new AdmissionScene();
  const rows: readonly [ResourceRequest, RegExp, RegExp][] = [
    [{ cpuMillis: 9000 }, /asks for 9 CPU, and the machine has 4/, /--capacity cpu=9/],
    [{ memoryBytes: 2 ** 30 }, /asks for 1 GiB of memory, and the machine has 1000 bytes/, /--capacity memory=1024Mi/],
    [
      { accelerator: { type: GPU, count: 3 } },
      /asks for 3 nvidia.com\/gpu, and the machine has 2/,
      /--capacity nvidia.com\/gpu=3/,
    ],
    [{ accelerator: { type: 'tpu', count: 1 } }, /asks for 1 tpu, and the machine has 0 \(there is nvidia.com\/gpu\)/, /tpu=1/],
  ];
  for (const [request, message, hint] of rows) {
    const { refusal } = admission.shapeOf({ request });
    assert.match(refusal!.message, message);
    assert.match(refusal!.hint, hint);
  }
  assert.equal(admission.shapeOf({ request: { cpuMillis: 4000 } }).refusal, undefined);
});

test('an accelerator of which nothing is known is left out where the executor is lenient; other names of a GPU count as one', () => {
  const found = { slots: 1, cpuMillis: 1000, memoryBytes: 1, accelerators: {} };
  const lenient = new Admission(admissionCapacity(found, {}, { strict: false }));
  const shape = lenient.shapeOf({ request: { cpuMillis: 1, accelerator: { type: 'tpu-v3', count: 1 } } });
  assert.deepEqual([shape.request, shape.refusal], [{ cpuMillis: 1 }, undefined]);
  assert.match(shape.warning!, /asks for 1 tpu-v3, of which nothing is known on this machine; it runs without/);
  const configured = new Admission(admissionCapacity(found, { capacity: { accelerators: { 'tpu-v3': 0 } } }, { strict: false }));
  assert.match(configured.shapeOf({ request: { accelerator: { type: 'tpu-v3', count: 1 } } }).refusal!.message, /1 tpu-v3/);
  const { request } = new AdmissionScene().admission.shapeOf({ request: { accelerator: { type: 'NVIDIA_TESLA_T4', count: 1 } } });
  assert.deepEqual(request.accelerator, { type: GPU, count: 1 });
});

test('a limit beyond what was found on the machine counts as all of it; beyond what was configured it is refused', () => {
  const found = { slots: 1, cpuMillis: 2000, memoryBytes: 2 ** 30, accelerators: {} };
  const need = { request: { cpuMillis: 200_000, cpuLimitMillis: 200_000 }, byLimit: { cpu: true, memory: false } };
  const shape = new Admission(admissionCapacity(found, {}, { strict: false })).shapeOf(need);
  assert.equal(shape.request.cpuMillis, 2000);
  assert.match(shape.warning!, /CPU limit of 200, which is more than the 2 of this machine/);
  const configured = new Admission(admissionCapacity(found, { capacity: { cpuMillis: 4000 } }, { strict: false }));
  assert.match(configured.shapeOf(need).refusal!.message, /asks for 200 CPU, and the machine has 4/);
  const asked = new Admission(admissionCapacity(found, {}, { strict: false })).shapeOf({ request: { cpuMillis: 200_000 } });
  assert.match(asked.refusal!.message, /asks for 200 CPU, and the machine has 2/);
});

const pool = (name: string, more: Partial<NodePool> = {}): NodePool => ({
  name,
  labels: { disk: name === 'fast' ? 'ssd' : 'hdd', size: name },
  taints: [],
  cpuMillis: 2000,
  memoryBytes: 1000,
  accelerators: {},
  ...more,
});

test('steps are placed on the pools that their selector, affinity and tolerations allow, the preferred first', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' } as const;
  const { admission } = new AdmissionScene({}, [
    pool('slow'),
    pool('fast'),
    pool('special', { taints: [taint], accelerators: { [GPU]: 2 } }),
  ]);
  const settings = { nodeSelector: {}, tolerations: [] };
  const names = (constraints: Parameters<typeof constraintsOf>[0], request: ResourceRequest = {}) => {
    const rules = constraintsOf(constraints);
    const { nodes, refusal } = admission.shapeOf({ request, ...(rules && { constraints: rules }) });
    return refusal ? `${refusal.message}; ${refusal.hint}` : nodes.map((node) => node.pool.name).join(' ');
  };
  assert.equal(names(settings), 'slow fast');
  assert.equal(names({ ...settings, nodeSelector: { disk: 'ssd' } }), 'fast');
  const prefersFast = [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }], weight: 10 }];
  assert.equal(names({ ...settings, nodeAffinity: prefersFast }), 'fast slow');
  const tolerant = { ...settings, tolerations: [{ key: 'gpu', operator: 'Exists' }] };
  assert.equal(names(tolerant), 'slow fast special');
  assert.equal(names(tolerant, { accelerator: { type: GPU, count: 1 } }), 'special');
  const gpu = { accelerator: { type: GPU, count: 1 } };
  assert.match(names(settings, gpu), /taint gpu=yes:NoSchedule of node pool special, which it would need/);
  assert.match(
    names({ ...settings, nodeSelector: { disk: 'ssds' } }),
    /node with disk=ssds.*nearest to disk=ssds: disk=ssd of pool fast/,
  );
  assert.match(names({ ...settings, nodeSelector: { disc: 'ssd' } }), /nearest to disc=ssd: disk=hdd of pool slow/);
  assert.match(names({ ...settings, nodeSelector: { size: 'special' } }), /does not tolerate the taint gpu=yes:NoSchedule/);
  assert.match(names(settings, { cpuMillis: 3000 }), /asks for 3 CPU, and node pool slow, the largest it may use, has 2/);
});

test('a hundred thousand steps of five hundred shapes are admitted without looking at all that wait', () => {
  const scene = new AdmissionScene({ slots: 1_000_000, cpuMillis: 64_000 });
  for (let index = 0; index < 100_000; index += 1)
    scene.offer(`r${index % 100}`, `s${index}`, { cpuMillis: 1000 + (index % 500) });
  let left = 100_000;
  const startedMs = performance.now();
  const oldest: string[] = [];
  while (left > 0 && performance.now() - startedMs < 20_000) {
    oldest.push(...scene.admitted());
    scene.release(...oldest.splice(0, 32));
    left -= 32;
  }
  assert(left <= 0, `${left} left after 20 s`);
});
