import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { countGpus, hostCapacity } from './host-capacity.ts';

test('a machine has four slots for every core and no accelerator, unless told otherwise.', () => {
  const { slots, cpuMillis, memoryBytes, accelerators } = hostCapacity();
  assert.equal(slots, 4 * availableParallelism());
  assert.equal(cpuMillis, 1000 * availableParallelism());
  assert.ok(memoryBytes > 2 ** 20);
  assert.deepEqual(accelerators, {});
  assert.deepEqual(hostCapacity({ slots: 3, gpus: 2 }).accelerators, { 'nvidia.com/gpu': 2 });
  assert.equal(hostCapacity({ slots: 3 }).slots, 3);
});

test('GPUs are counted by what nvidia-smi lists.', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-gpu-'));
  const answer = async (script: string) => {
    writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'nvidia-smi'), 0o755);
    return countGpus(`/nowhere:${folder}`);
  };
  try {
    assert.equal(await countGpus(folder), 0);
    assert.equal(await answer('echo "GPU 0: A (UUID: x)"; echo "GPU 1: B (UUID: y)"'), 2);
    assert.equal(await answer('echo "NVIDIA-SMI has failed"; exit 9'), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
