import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostCapacity, listGpus } from './host-capacity.ts';

test('a machine has four slots for every core and no accelerator, unless told otherwise.', () => {
  const { slots, cpuMillis, memoryBytes, accelerators } = hostCapacity();
  assert.equal(slots, 4 * availableParallelism());
  assert.equal(cpuMillis, 1000 * availableParallelism());
  assert.ok(memoryBytes > 2 ** 20);
  assert.deepEqual(accelerators, {});
  const gpus = { accelerators: { 'nvidia.com/gpu': 2 } };
  assert.deepEqual(hostCapacity({ slots: 3, gpus }).accelerators, gpus.accelerators);
  assert.equal(hostCapacity({ slots: 3 }).slots, 3);
});

test('GPUs are those that nvidia-smi lists.', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-gpu-'));
  const answer = async (script: string) => {
    writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'nvidia-smi'), 0o755);
    return listGpus(`/nowhere:${folder}`);
  };
  try {
    assert.deepEqual(await listGpus(folder), []);
    const two = 'echo "GPU 0: A (UUID: GPU-x)"; echo "  MIG 1g.5gb Device 0: (UUID: MIG-z)"; echo "GPU 1: B (UUID: GPU-y)"';
    assert.deepEqual(await answer(two), [
      { index: 0, uuid: 'GPU-x' },
      { index: 1, uuid: 'GPU-y' },
    ]);
    assert.deepEqual(await answer('echo "NVIDIA-SMI has failed"; exit 9'), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
