import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gpuCapacity, visibleGpus } from './visible-gpus.ts';

const FOUR = ['GPU-a1', 'GPU-a2', 'GPU-b1', 'GPU-b2'].map((uuid, index) => ({ index, uuid }));

test("a server's own variables say which GPUs are its own.", () => {
  const rows: readonly [cuda: string | undefined, nvidia: string | undefined, expected: readonly number[]][] = [
    [undefined, undefined, [0, 1, 2, 3]],
    ['2,3', undefined, [2, 3]],
    [' 3 , 1', undefined, [3, 1]],
    ['', undefined, []],
    ['-1', undefined, []],
    ['0,7,1', undefined, [0]],
    ['1,1', undefined, []],
    ['GPU-b,0', undefined, []],
    ['GPU-b2,GPU-a1', undefined, [3, 0]],
    ['MIG-a1', undefined, []],
    [undefined, 'all', [0, 1, 2, 3]],
    [undefined, 'void', []],
    [undefined, 'none', []],
    [undefined, '', []],
    [undefined, '2,GPU-a1', [2, 0]],
    [undefined, '2,7', [2]],
    ['1,2', 'all', [1, 2]],
    ['1', '1,2', [1]],
    ['1', '2', []],
  ];
  for (const [cuda, nvidia, expected] of rows) {
    const environment = { CUDA_VISIBLE_DEVICES: cuda, NVIDIA_VISIBLE_DEVICES: nvidia };
    assert.deepEqual(visibleGpus(FOUR, environment), expected, JSON.stringify(environment));
  }
});

test('in a container, whose GPUs are counted from 0, the list has been applied already.', () => {
  assert.deepEqual(visibleGpus(FOUR.slice(0, 2), { NVIDIA_VISIBLE_DEVICES: '4,5' }), [0, 1]);
  assert.deepEqual(visibleGpus(FOUR.slice(0, 2), { NVIDIA_VISIBLE_DEVICES: '4,5', CUDA_VISIBLE_DEVICES: '1' }), [1]);
});

test('where no GPU can be found, the indexes that are named are those of GPUs that somebody says there are.', () => {
  assert.deepEqual(visibleGpus([], {}), []);
  assert.deepEqual(visibleGpus([], { CUDA_VISIBLE_DEVICES: '2,3' }), [2, 3]);
  assert.deepEqual(visibleGpus([], { NVIDIA_VISIBLE_DEVICES: 'all' }), []);
  const named = { CUDA_VISIBLE_DEVICES: '2,3' };
  const devices = { 'nvidia.com/gpu': [2, 3] };
  assert.deepEqual(gpuCapacity([], named), { accelerators: {}, devices });
  assert.deepEqual(gpuCapacity([], named, 1), { accelerators: { 'nvidia.com/gpu': 1 }, devices });
  assert.deepEqual(gpuCapacity(FOUR, named), { accelerators: { 'nvidia.com/gpu': 2 }, devices });
  assert.deepEqual(gpuCapacity([], {}), { accelerators: {} });
});
