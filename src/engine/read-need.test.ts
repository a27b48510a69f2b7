import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceSpec } from '../ir/spec.ts';
import { readNeed } from './read-need.ts';

const GPU = 'nvidia.com/gpu';

/** The request, or what is wrong with it. */
function check(spec: ResourceSpec, expected: object | RegExp): void {
  const need = readNeed(spec);
  const told = JSON.stringify(spec);
  if (!(expected instanceof RegExp)) return assert.deepEqual('request' in need ? need.request : need, expected, told);
  assert.match('message' in need ? need.message : `no problem: ${JSON.stringify(need)}`, expected, told);
  assert('hint' in need && need.hint !== '', told);
}

test('requests are quantities as Kubernetes writes them', () => {
  check({ cpuRequest: '500m', memoryRequest: '1.5Gi' }, { cpuMillis: 500, memoryBytes: 1.5 * 2 ** 30 });
  check({ cpuRequest: '1e3', memoryRequest: '1E' }, { cpuMillis: 1_000_000, memoryBytes: 1e18 });
  check({ cpuRequest: ' .5 ', memoryRequest: '128974848000m' }, { cpuMillis: 500, memoryBytes: 128_974_848 });
  check({ cpuRequest: '1n', memoryRequest: '0.5' }, { cpuMillis: 1, memoryBytes: 1 });
  check({ memoryRequest: '1Ei' }, { memoryBytes: 2 ** 60 });
});

test('what is no quantity, or below zero, is refused', () => {
  for (const text of ['lots', '1,5', '0x10', 'NaN', 'Infinity', '1e400', '2 cores', '4gb', '1ki', 'None'])
    check({ memoryLimit: text }, /as its memory limit, which is not a quantity/);
  for (const text of ['-1', '-500m', '-1e2']) check({ cpuRequest: text }, /as its CPU request, which is below zero/);
});

test('zero and an empty text ask for nothing', () => {
  check({ cpuRequest: '0', memoryRequest: '', cpuLimit: '0', memoryLimit: '0Gi' }, {});
  check({ accelerator: { type: GPU, count: '0' } }, {});
  check({ accelerator: { type: '', count: '1' } }, {});
  check({ accelerator: { type: GPU, count: '' } }, {});
});

test('a limit stands in for a request, and a request is not above its limit', () => {
  check({ cpuLimit: '2', memoryLimit: '1G' }, { cpuMillis: 2000, cpuLimitMillis: 2000, memoryBytes: 1e9, memoryLimitBytes: 1e9 });
  check({ cpuLimit: '64', cpuRequest: '0' }, { cpuLimitMillis: 64_000 });
  check({ cpuRequest: '2', cpuLimit: '1999m' }, /more CPU than its CPU limit/);
  check({ memoryRequest: '1Gi', memoryLimit: '1G' }, /more memory than its memory limit/);
  check({ memoryRequest: '1Gi', memoryLimit: '0' }, /more memory than its memory limit/);
});

test('accelerators are whole', () => {
  check({ accelerator: { type: GPU, count: '2' } }, { accelerator: { type: GPU, count: 2 } });
  check({ accelerator: { type: GPU, count: '2.0' } }, { accelerator: { type: GPU, count: 2 } });
  check({ accelerator: { type: GPU, count: '1k' } }, { accelerator: { type: GPU, count: 1000 } });
  for (const count of ['0.5', '-1', 'two', '0x1', '1e300', 'NaN'])
    check({ accelerator: { type: GPU, count } }, /accelerators of type nvidia.com\/gpu, which is not a whole number/);
});
