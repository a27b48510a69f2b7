import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, task } from '../../../test/contract/store-fixtures.ts';
import type { JsonObject } from '../../base/json.ts';
import { workflowManifest } from './workflow-manifest.ts';

const tasks = [
  task('r', 0, { kind: 'dag', key: 'root', path: '/', state: 'RUNNING' }),
  task('r', 1, { kind: 'loop', key: 'for-loop-1', path: '/for-loop-1', state: 'RUNNING', startedAtMs: 2_000 }),
  task('r', 2, { kind: 'dag', key: 'for-loop-1', path: '/for-loop-1[0]', parentTask: 1, state: 'SUCCEEDED', endedAtMs: 3_000 }),
  task('r', 3, {
    key: 'train',
    path: '/for-loop-1[0]/train',
    parentTask: 2,
    state: 'CACHED',
    outputs: {
      parameters: { accuracy: 0.5, note: 'fine' },
      artifacts: { model: [{ id: 'm', name: 'model', uri: 's3://bucket/m', type: {}, metadata: {} }] },
    },
  }),
  task('r', 4, { key: 'left', path: '/left', state: 'SKIPPED' }),
  task('r', 5, { key: 'bad', path: '/bad', state: 'FAILED', error: { code: 1, message: 'it broke', cause: 'step' } }),
];

const manifest = workflowManifest(run('r', { state: 'RUNNING', arguments: { rate: 0.1, tags: ['a'] } }), tasks, 'bucket');
const status = manifest['status'] as JsonObject;
const nodes = status['nodes'] as Record<string, JsonObject>;

test('There is a node for each task; the one of the root has the name of the workflow.', () => {
  assert.deepEqual(Object.keys(nodes), ['r', 'r.1', 'r.2', 'r.3', 'r.4', 'r.5']);
  assert.equal((manifest['metadata'] as JsonObject)['name'], 'r');
  assert.deepEqual(
    ['r', 'r.1', 'r.2', 'r.3', 'r.4'].map((id) => [nodes[id]!['type'], nodes[id]!['phase']]),
    [
      ['DAG', 'Running'],
      ['TaskGroup', 'Running'],
      ['DAG', 'Succeeded'],
      ['Pod', 'Succeeded'],
      ['Skipped', 'Skipped'],
    ],
  );
});

test('Nodes lead to those below them, and each to the one it is in.', () => {
  assert.deepEqual(nodes['r']!['children'], ['r.1', 'r.4', 'r.5']);
  assert.deepEqual([nodes['r.1']!['children'], nodes['r.2']!['children']], [['r.2'], ['r.3']]);
  assert.deepEqual(
    [nodes['r.1']!['boundaryID'], nodes['r.3']!['boundaryID'], nodes['r']!['boundaryID']],
    ['r', 'r.2', undefined],
  );
});

test('A node that has failed says why.', () => {
  assert.deepEqual([nodes['r.5']!['phase'], nodes['r.5']!['message']], ['Failed', 'it broke']);
});

test('Outputs are texts and places.', () => {
  assert.deepEqual(nodes['r.3']!['outputs'], {
    parameters: [
      { name: 'accuracy', value: '0.5' },
      { name: 'note', value: 'fine' },
    ],
    artifacts: [{ name: 'model', s3: { key: 's3://bucket/m', bucket: '' } }],
  });
});

test('Times are whole seconds; what has not ended has no end.', () => {
  assert.equal(nodes['r.1']!['startedAt'], '1970-01-01T00:00:02Z');
  assert.equal(nodes['r.2']!['finishedAt'], '1970-01-01T00:00:03Z');
  assert.equal('finishedAt' in nodes['r.1']!, false);
  assert.equal('finishedAt' in status, false);
});

test('Arguments are texts, too.', () => {
  const { parameters } = (manifest['spec'] as JsonObject)['arguments'] as { parameters: unknown };
  assert.deepEqual(parameters, [
    { name: 'rate', value: '0.1' },
    { name: 'tags', value: '["a"]' },
  ]);
});
