import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignedGpuEnv } from './gpu-env.ts';

test('a step is told the indexes of the GPUs that were assigned to it, and nothing if none were', () => {
  const expected = { CUDA_VISIBLE_DEVICES: '1,3', NVIDIA_VISIBLE_DEVICES: '1,3' };
  assert.deepEqual(assignedGpuEnv({ placement: { node: 'a', devices: { 'nvidia.com/gpu': [1, 3] } } }), expected);
  assert.deepEqual(assignedGpuEnv({ placement: { devices: { 'tpu-v3': [0] } } }), {});
  assert.deepEqual(assignedGpuEnv({}), {});
});
