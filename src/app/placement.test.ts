import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../base/errors.ts';
import { parseCapacity, readCapacityFile, readNodePools } from './placement.ts';

function problems(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert(error instanceof ProductError && error.code === 'INVALID_USAGE');
    return error.problems.map(({ path, message, line }) => `${line ?? '-'} ${path}: ${message}`).join('\n');
  }
  return '';
}

test('a capacity is written as on the command line or as a map', () => {
  const expected = { cpuMillis: 8000, memoryBytes: 2 ** 34, accelerators: { 'nvidia.com/gpu': 2, 'tpu-v3': 1 } };
  assert.deepEqual(parseCapacity('cpu=8, memory=16Gi,gpu=2,tpu-v3=1'), expected);
  assert.deepEqual(readCapacityFile('cpu: 8\nmemory: 16Gi\nnvidia.com/gpu: 2\ntpu-v3: "1"\n', 'c.yaml'), expected);
  assert.deepEqual(parseCapacity('cpu=500m,slots=3'), { cpuMillis: 500, slots: 3 });
});

test('mistakes in a capacity are told together', () => {
  const told = problems(() => parseCapacity('cpu=many,memory=-1,nvidia.com/gpu=1.5,whatever'));
  assert.match(told, /cpu: this must be a number of cores/);
  assert.match(told, /memory: this must be a number of bytes/);
  assert.match(told, /gpu: this must be a whole number/);
  assert.match(told, /"whatever" is not of the form name=amount/);
  assert.match(
    problems(() => readCapacityFile('- 8', 'c.yaml')),
    /must be a map/,
  );
});

test('what would be taken for a kind of accelerator by mistake is told, as is what is given twice', () => {
  for (const [text, expected] of [
    ['cpus=4', /cpus: there is no "cpus" here/],
    ['Memory=4', /there is no "Memory" here/],
    ['cpu=4,cpu=2', /cpu: this is given twice/],
    ['gpu=1,nvidia.com/gpu=2', /nvidia.com\/gpu is given twice/],
    ['slots=0', /slots: this must be a whole number from 1/],
    ['gpu=0x1', /gpu: this must be a whole number from 0/],
    ['=4', /"=4" is not of the form/],
  ] as const)
    assert.match(
      problems(() => parseCapacity(text)),
      expected,
      text,
    );
  assert.deepEqual(parseCapacity('tpu=0,slots=1'), { slots: 1, accelerators: { tpu: 0 } });
});

test('node pools have a name, labels, taints in either form, and a capacity', () => {
  const text = `nodePools:
- name: gpu
  labels: {disk: ssd, generation: 2}
  taints: ["nvidia.com/gpu=present:NoSchedule", {key: slow, effect: PreferNoSchedule}]
  capacity: {cpu: 4, memory: 8Gi, nvidia.com/gpu: 1}
- {name: plain, capacity: {cpu: 2, memory: 4Gi}}
`;
  const [gpu, plain] = readNodePools(text, 'pools.yaml');
  assert.deepEqual(gpu, {
    name: 'gpu',
    labels: { 'kubernetes.io/hostname': 'gpu', disk: 'ssd', generation: '2' },
    taints: [
      { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
      { key: 'slow', value: '', effect: 'PreferNoSchedule' },
    ],
    cpuMillis: 4000,
    memoryBytes: 2 ** 33,
    accelerators: { 'nvidia.com/gpu': 1 },
  });
  assert.equal(plain!.name, 'plain');
});

test('mistakes in node pools name the place and the line', () => {
  const text = `- name: a
  capacity: {cpu: 4}
- name: a
  color: red
  taints: ["x=y:Never"]
  capacity: {cpu: 4, memory: 1Gi}
`;
  const told = problems(() => readNodePools(text, 'pools.yaml'));
  assert.match(told, /1 0: the capacity of a node pool names its cpu and memory/);
  assert.match(told, /3 1: there is more than one pool "a"/);
  assert.match(told, /4 1.color: a node pool has no "color"/);
  assert.match(told, /5 1.taints.0: this is not a taint/);
  assert.match(
    problems(() => readNodePools('{}', 'pools.yaml')),
    /must be a list of node pools/,
  );
  assert.match(
    problems(() => readNodePools('[', 'pools.yaml')),
    /./,
  );
});
