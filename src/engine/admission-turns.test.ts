import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdmissionScene, GPU } from '../../test/support/admission-scene.ts';
import { MAX_OVERTAKING, MAX_WAIT_MS } from './admission.ts';

const pool = (name: string) => ({ name, labels: {}, taints: [], cpuMillis: 4000, memoryBytes: 1000, accelerators: {} });

test('the run that holds least of the machine goes first', () => {
  const scene = new AdmissionScene();
  scene.offer('gpu', 'gpu 1', { accelerator: { type: GPU, count: 1 } });
  scene.offer('cpu', 'cpu 1', { cpuMillis: 1000 });
  assert.deepEqual(scene.admitted(), ['gpu 1', 'cpu 1']);
  // It holds half of the GPUs, the other a quarter of the CPU.
  for (const name of ['gpu 2', 'gpu 3']) scene.offer('gpu', name, { cpuMillis: 1000 });
  for (const name of ['cpu 2', 'cpu 3']) scene.offer('cpu', name, { cpuMillis: 1000 });
  assert.deepEqual(scene.admitted(), ['cpu 2', 'gpu 2', 'cpu 3']);
});

test('long steps of one run do not push out the short ones of another', () => {
  const scene = new AdmissionScene({ slots: 8 });
  for (let index = 0; index < 100; index += 1) scene.offer('long', `long ${index}`);
  for (let index = 0; index < 400; index += 1) scene.offer('short', `short ${index}`);
  let short = 0;
  for (let round = 0; round < 60; round += 1) {
    const names = scene.admitted().filter((name) => name.startsWith('short'));
    short += names.length;
    scene.release(...names);
  }
  assert.equal(short, 60 * 4, 'the short steps have half of the slots all the time');
});

test('a run that holds much has a turn again when many others were before it', () => {
  const scene = new AdmissionScene({ slots: 2 });
  scene.offer('long', 'long 1');
  scene.admitted();
  scene.offer('long', 'long 2');
  let others = 0;
  for (; !scene.holdings.has('long 2') && others < 1000; others += 1) {
    scene.offer(`other ${others}`, `other ${others}`);
    scene.offer(`more ${others}`, `more ${others}`);
    scene.release(...scene.admitted().filter((name) => name !== 'long 2'));
  }
  assert(others > 10 && others <= 64, `it had its turn after ${others}`);
});

test('a step with a low priority that is offered later takes nothing of what one with a high priority waits for', () => {
  const scene = new AdmissionScene();
  scene.offer('low', 'running', { cpuMillis: 1000 });
  scene.admitted();
  scene.offer('high', 'high', { cpuMillis: 4000 }, 5);
  assert.deepEqual(scene.admitted(), []);
  scene.offer('low', 'late', { cpuMillis: 1000 });
  assert.deepEqual(scene.admitted(), []);
  scene.release('running');
  assert.deepEqual(scene.admitted(), ['high']);
});

test('what was kept for a step that is cancelled is given to others at once, though nothing ends', () => {
  const scene = new AdmissionScene();
  scene.offer('low', 'running', { cpuMillis: 1000 });
  scene.admitted();
  scene.offer('low', 'small', { cpuMillis: 1000 });
  scene.offer('high', 'high', { cpuMillis: 4000 }, 5);
  assert.deepEqual(scene.admitted(), []);
  assert.deepEqual(
    scene.admitted((name) => name === 'high'),
    ['small'],
  );
});

test('a node on which a step does not end is given up for another one', () => {
  const scene = new AdmissionScene({ slots: 100 }, [pool('a'), pool('b')]);
  scene.offer('other', 'endless', { cpuMillis: 4000 });
  scene.offer('other', 'small', { cpuMillis: 4000 });
  assert.deepEqual(scene.admitted(), ['endless', 'small']);
  scene.offer('large', 'large', { cpuMillis: 4000 });
  let [rounds, running] = [0, ['small']];
  for (; !scene.holdings.has('large') && rounds < 1000; rounds += 1) {
    for (let index = 0; index < 4; index += 1) scene.offer('churn', `churn ${rounds} ${index}`, { cpuMillis: 1000 });
    // One ends after the other: the node is never empty by chance.
    scene.release(running.shift()!);
    scene.nowMs += 1000;
    running = [...running, ...scene.admitted()];
    assert(running.length > 0, 'something must run');
  }
  assert(rounds * 1000 <= 3 * MAX_WAIT_MS, `the large step started after ${rounds} seconds`);
});

test('a step of a run that holds much is kept a node as well when others pass it', () => {
  const scene = new AdmissionScene({ slots: 1000 });
  scene.offer('large', 'running', { cpuMillis: 2000 });
  scene.admitted();
  scene.offer('large', 'large', { cpuMillis: 4000 });
  let passed = 0;
  for (let round = 0; round < 500; round += 1) {
    scene.offer(`run ${round}`, `small ${round}`, { cpuMillis: 500 });
    const names = scene.admitted();
    passed += names.length;
    scene.release(...names);
  }
  assert(passed <= MAX_OVERTAKING + 1, `${passed} small steps passed the large one`);
});

test('accelerators that a step holds from before a restart stay its own when the pools have other names', () => {
  const withGpu = (name: string) => ({ ...pool(name), accelerators: { [GPU]: 1 } });
  const scene = new AdmissionScene({}, [withGpu('x'), withGpu('y')]);
  const need = { request: { accelerator: { type: GPU, count: 1 } } };
  scene.admission.take('r', scene.admission.shapeOf(need), { node: 'old', devices: { [GPU]: [1] } });
  scene.offer('s', 'new', need.request);
  assert.deepEqual(scene.admitted(), ['new']);
  assert.deepEqual(scene.holdings.get('new')!.devices, [0]);
});
