import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../base/json.ts';
import type { ResourceRequest } from '../executors/executor.ts';
import { podNeed } from './pod-need.ts';

const GPU = 'nvidia.com/gpu';
const GIB = 2 ** 30;

const init = (requests: JsonObject, more: JsonObject = {}): JsonObject => ({ name: 'i', resources: { requests }, ...more });
const sidecar = (requests: JsonObject): JsonObject => init(requests, { restartPolicy: 'Always' });

interface Row {
  readonly title: string;
  readonly own: ResourceRequest;
  readonly initContainers: readonly JsonObject[];
  readonly expected: ResourceRequest;
}

const OWN: ResourceRequest = { cpuMillis: 1000, memoryBytes: GIB };
const ROWS: readonly Row[] = [
  { title: 'no other container changes nothing', own: OWN, initContainers: [], expected: OWN },
  {
    title: 'an init container has ended before the next begins: the largest counts, of each resource',
    own: OWN,
    initContainers: [init({ cpu: '3', memory: '1Mi' }), init({ cpu: 2 }), init({ memory: '2Gi' })],
    expected: { cpuMillis: 3000, memoryBytes: 2 * GIB },
  },
  {
    title: 'sidecars run beside the step',
    own: OWN,
    initContainers: [sidecar({ cpu: '500m' }), sidecar({ cpu: '250m', memory: '1Gi' })],
    expected: { cpuMillis: 1750, memoryBytes: 2 * GIB },
  },
  {
    title: 'an init container runs beside the sidecars begun before it, not those after',
    own: OWN,
    initContainers: [sidecar({ cpu: '1' }), init({ cpu: '4' }), sidecar({ cpu: '1' })],
    expected: { cpuMillis: 5000, memoryBytes: GIB },
  },
  {
    title: 'accelerators count as well',
    own: { accelerator: { type: GPU, count: 1 } },
    initContainers: [sidecar({ [GPU]: 1 }), init({ [GPU]: '1' }), init({ 'ephemeral-storage': '1Gi' })],
    expected: { accelerator: { type: GPU, count: 2 } },
  },
  {
    title: 'the step need not ask for any',
    own: {},
    initContainers: [init({}, { resources: { limits: { [GPU]: '2' } } })],
    expected: { accelerator: { type: GPU, count: 2 } },
  },
  {
    title: 'a limit of another container stands in for its request, and is no limit of the step',
    own: { ...OWN, memoryLimitBytes: GIB },
    initContainers: [init({}, { resources: { limits: { memory: '3Gi' } } })],
    expected: { cpuMillis: 1000, memoryBytes: 3 * GIB, memoryLimitBytes: GIB },
  },
];

for (const { title, own, initContainers, expected } of ROWS) {
  test(`what a pod asks for: ${title}.`, () => {
    const need = podNeed({ request: own }, { initContainers });
    assert.deepEqual('request' in need ? need.request : need, expected);
  });
}

test('an amount follows from limits if most of it does.', () => {
  const byLimit = { cpu: true, memory: false };
  const small = podNeed({ request: { cpuMillis: 64_000 }, byLimit }, { initContainers: [sidecar({ cpu: '1' })] });
  assert.deepEqual('request' in small && small.byLimit, byLimit);
  const large = podNeed({ request: { cpuMillis: 1000 }, byLimit }, { initContainers: [sidecar({ cpu: '64' })] });
  assert.deepEqual('request' in large && large.byLimit, undefined);
});

test('a quantity that cannot be read, or is more than its limit, is refused with the container that has it.', () => {
  const rows: readonly (readonly [JsonObject, RegExp])[] = [
    [
      { requests: { cpu: 'lots' } },
      /^has an init container "i" that asks for "lots" as its CPU request, which is not a quantity/,
    ],
    [{ limits: { memory: '-1' } }, /memory limit, which is below zero/],
    [{ requests: { memory: '2Gi' }, limits: { memory: '1Gi' } }, /asks for more memory than its memory limit/],
    [{ limits: { [GPU]: '0.5' } }, /accelerators of type nvidia\.com\/gpu, which is not a whole number/],
  ];
  for (const [resources, message] of rows) {
    const need = podNeed({ request: {} }, { initContainers: [init({}, { resources })] });
    assert.match('message' in need ? need.message : 'not refused', message);
    assert.ok('hint' in need && need.hint);
  }
});
