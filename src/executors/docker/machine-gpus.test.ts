import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { machineGpus } from './machine-gpus.ts';

test("GPUs are counted by their device files, and have the UUIDs of NVIDIA's driver.", () => {
  const root = mkdtempSync(join(tmpdir(), 'pipewright-gpus-'));
  try {
    assert.deepEqual(machineGpus(root), []);
    mkdirSync(join(root, 'dev'));
    for (const name of ['nvidia10', 'nvidia2', 'nvidiactl', 'nvidia-uvm', 'null']) writeFileSync(join(root, 'dev', name), '');
    const gpu = join(root, 'proc/driver/nvidia/gpus/0000:01:00.0');
    mkdirSync(gpu, { recursive: true });
    writeFileSync(join(gpu, 'information'), 'Model: \t A\nGPU UUID: \t GPU-abc\nDevice Minor: \t 2\n');
    assert.deepEqual(machineGpus(root), [
      { index: 2, uuid: 'GPU-abc' },
      { index: 10, uuid: '' },
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
