// Over HTTP: what the machine has and how much of it is in use, where steps run, and what those that wait are waiting for.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer } from '../support/test-server.ts';

const OWN = '/apis/pipewright/v1';
const V2 = '/apis/v2beta1';
const GPU = 'nvidia.com/gpu';

test('the system tells what steps hold of each node pool; a task, where it runs and on which accelerators, or what it waits for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-gate-'));
  const pool = { cpuMillis: 4000, memoryBytes: 2 ** 30, labels: {}, taints: [] };
  const pools = [
    { ...pool, name: 'plain', accelerators: {} },
    { ...pool, name: 'gpu', labels: { disk: 'ssd' }, accelerators: { [GPU]: 2 } },
  ];
  await using server = await testServer({ executor: 'process', slots: 6, placement: { pools } });
  const gate = join(folder, 'gate');
  const sh = `until [ -e '${gate}' ]; do sleep 0.02; done`;
  const accelerator = { count: '2', resourceCount: '2', resourceType: GPU, type: GPU };
  const spec = stepPipeline({
    steps: {
      first: { sh, resources: { resourceCpuRequest: '1500m', cpuRequest: 1.5, accelerator } },
      second: { sh, resources: { accelerator } },
    },
  });
  const created = await server.call('POST', `${V2}/runs`, { display_name: 'r', pipeline_spec: spec });
  const runId = created.json['run_id'] as string;
  const tasks = async () => {
    const { json } = await server.call('GET', `${V2}/runs/${runId}/tasks?view=BASIC`);
    return Object.fromEntries(((json['tasks'] ?? []) as readonly JsonObject[]).map((task) => [task['path'] as string, task]));
  };
  let now = await tasks();
  while (now['/first']?.['state'] !== 'RUNNING' || !now['/second']?.['state_reason']) now = await tasks();
  assert.deepEqual(now['/first']!['placement'], { node: 'gpu', accelerators: [{ type: GPU, indexes: [0, 1] }] });
  assert.equal(now['/second']!['state'], 'PENDING');
  assert.equal(now['/second']!['state_reason'], `waits for 2 ${GPU}: 0 of 2 free on gpu`);

  const { json: system } = await server.call('GET', `${OWN}/system`);
  assert.deepEqual(system['load'], {
    steps_running: 1,
    steps_waiting: 1,
    slots: 6,
    slots_in_use: 1,
    nodes: [
      {
        name: 'plain',
        resources: [
          { resource: 'cpu', total: 4 },
          { resource: 'memory', total: 2 ** 30 },
        ],
      },
      {
        name: 'gpu',
        labels: { disk: 'ssd' },
        resources: [
          { resource: 'cpu', total: 4, in_use: 1.5 },
          { resource: 'memory', total: 2 ** 30 },
          { resource: GPU, total: 2, in_use: 2 },
        ],
      },
    ],
  });
  assert.deepEqual(system['capacity'], { slots: 6, cpuMillis: 8000, memoryBytes: 2 ** 31, accelerators: { [GPU]: 2 } });

  await writeFile(gate, '');
  assert.equal((await server.ended(runId))['state'], 'SUCCEEDED');
  const { json: detail } = await server.call('GET', `${OWN}/runs/${runId}/tasks/${now['/second']!['task_id'] as string}`);
  const [attempt] = detail['attempts'] as readonly JsonObject[];
  assert.deepEqual(attempt!['placement'], { node: 'gpu', accelerators: [{ type: GPU, indexes: [0, 1] }] });
  const { json: idle } = await server.call('GET', `${OWN}/system`);
  assert.equal((idle['load'] as JsonObject)['steps_running'], undefined);
  await rm(folder, { recursive: true, force: true });
});
