import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Capacity, ResourceRequest } from '../executors/executor.ts';
import { Admission } from './admission.ts';

const capacity = (more: Partial<Capacity> = {}): Capacity => ({
  slots: 10,
  cpuMillis: 4000,
  memoryBytes: 1000,
  accelerators: { gpu: 1 },
  ...more,
});
const fresh = () => false;

function offered(
  admission: Admission<string>,
  ...steps: readonly (readonly [run: string, name: string, request?: ResourceRequest])[]
): void {
  for (const [run, name, request = {}] of steps) admission.offer(run, { item: name, request });
}

function admitted(admission: Admission<string>): string[] {
  const names: string[] = [];
  for (let next = admission.next(fresh); next; next = admission.next(fresh)) names.push(next.item);
  return names;
}

test('steps of a run are admitted in the order they became ready, up to the slots', () => {
  const admission = new Admission<string>(capacity({ slots: 2 }));
  offered(admission, ['r', 'a'], ['r', 'b'], ['r', 'c']);
  assert.deepEqual(admitted(admission), ['a', 'b']);
  admission.release({});
  assert.deepEqual(admitted(admission), ['c']);
});

test('runs take turns', () => {
  const admission = new Admission<string>(capacity());
  offered(admission, ['r', 'r1'], ['r', 'r2'], ['r', 'r3'], ['s', 's1'], ['s', 's2']);
  assert.deepEqual(admitted(admission), ['r1', 's1', 'r2', 's2', 'r3']);
});

test('what is in use never exceeds CPU, memory or accelerators', () => {
  const admission = new Admission<string>(capacity());
  offered(
    admission,
    ['r', 'cpu', { cpuMillis: 3000 }],
    ['s', 'too much cpu', { cpuMillis: 2000 }],
    ['t', 'gpu', { accelerator: { type: 'gpu', count: 1 } }],
  );
  offered(
    admission,
    ['u', 'second gpu', { accelerator: { type: 'gpu', count: 1 } }],
    ['v', 'memory', { memoryBytes: 1000 }],
    ['w', 'more memory', { memoryBytes: 1 }],
  );
  assert.deepEqual(admitted(admission), ['cpu', 'gpu', 'memory']);
  admission.release({ cpuMillis: 3000 });
  assert.deepEqual(admitted(admission), ['too much cpu']);
});

test('a large step is not overtaken for ever by small ones of other runs', () => {
  const admission = new Admission<string>(capacity({ slots: 1000 }));
  offered(admission, ['small', 'first', { cpuMillis: 1000 }]);
  assert.deepEqual(admitted(admission), ['first']);
  offered(admission, ['large', 'large', { cpuMillis: 4000 }]);
  let passed = 0;
  for (let round = 0; round < 500; round += 1) {
    offered(admission, ['small', `small ${round}`, { cpuMillis: 10 }]);
    const names = admitted(admission);
    passed += names.length;
    for (let index = 0; index < names.length; index += 1) admission.release({ cpuMillis: 10 });
  }
  assert(passed > 0 && passed < 100, `${passed} small steps passed the large one`);
  admission.release({ cpuMillis: 1000 });
  assert.equal(admission.next(fresh)?.item, 'large');
});

test('stale offers are dropped, impossible requests are named, others are cut to what there is', () => {
  const admission = new Admission<string>(capacity());
  offered(admission, ['r', 'gone'], ['r', 'here']);
  assert.equal(admission.next((name) => name === 'gone')?.item, 'here');
  assert.match(admission.impossible({ cpuMillis: 9000 })!, /9000 millicores/);
  assert.match(admission.impossible({ accelerator: { type: 'tpu', count: 2 } })!, /2 × tpu/);
  assert.equal(admission.impossible({ cpuMillis: 4000 }), undefined);
  assert.deepEqual(admission.clamp({ cpuMillis: 9000, memoryBytes: 5, accelerator: { type: 'tpu', count: 1 } }), {
    cpuMillis: 4000,
    memoryBytes: 5,
  });
});
