import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopesAround, viewGraph, type Graph } from './graph-view.ts';

const PIPELINE: Graph = {
  pipeline_name: 'penguins',
  scopes: [
    {
      path: '/',
      tasks: [
        { key: 'load', path: '/load', kind: 'container', outputs: [{ name: 'data', is_artifact: true }] },
        {
          key: 'loop',
          path: '/loop',
          kind: 'loop',
          scope: '/loop',
          depends_on: ['load'],
          inputs: [{ name: 'data', is_artifact: true, from: 'load.data' }],
        },
        { key: 'deploy', path: '/deploy', kind: 'container', depends_on: ['loop', 'load'], condition: 'accuracy > 0.9' },
      ],
    },
    {
      path: '/loop',
      tasks: [
        { key: 'train', path: '/loop/train' },
        { key: 'check', path: '/loop/check', depends_on: ['train'] },
      ],
    },
  ],
};
const view = (options: Partial<Parameters<typeof viewGraph>[1]> = {}) =>
  viewGraph(PIPELINE, { root: '/', unfolded: new Set(), hasArtifacts: false, ...options });

test('a folded group is one node that knows how many tasks it holds', () => {
  const { nodes, layoutGraph } = view();
  assert.deepEqual([...nodes.keys()], ['/load', '/loop', '/deploy']);
  assert.equal(nodes.get('/loop')!.size, 2);
  assert.deepEqual(nodes.get('/deploy')!.before, ['/loop', '/load']);
  assert.equal(layoutGraph.nodes[1]!.inner, undefined);
});

test('an unfolded group stands around what is in it', () => {
  const { nodes, layoutGraph } = view({ unfolded: new Set(['/loop']) });
  assert.deepEqual([...nodes.keys()], ['/load', '/loop', '/loop/train', '/loop/check', '/deploy']);
  assert.equal(nodes.get('/loop/check')!.depth, 1);
  assert.equal(layoutGraph.nodes[1]!.inner!.nodes.length, 2);
});

test('a group can be shown alone, below the names of what is around it', () => {
  assert.deepEqual([...view({ root: '/loop' }).nodes.keys()], ['/loop/train', '/loop/check']);
  assert.deepEqual(scopesAround(PIPELINE, '/loop'), [
    { path: '/', label: 'penguins' },
    { path: '/loop', label: 'loop' },
  ]);
});

test('artifacts stand between the task that writes and those that read, instead of their edge', () => {
  const { nodes } = view({ hasArtifacts: true });
  assert.deepEqual(nodes.get('/load#data')!.after, ['/loop']);
  assert.deepEqual(nodes.get('/loop')!.before, ['/load#data']);
  assert.deepEqual(nodes.get('/deploy')!.before, ['/loop', '/load'], 'an edge that carries no artifact stays');
});

test('a task with a condition is higher, to show it', () => {
  const { layoutGraph } = view();
  assert.ok(layoutGraph.nodes[2]!.height > layoutGraph.nodes[0]!.height);
});

test('a pipeline that contains itself is unfolded only so far', () => {
  const endless: Graph = { scopes: [{ path: '/', tasks: [{ key: 'again', path: '/', scope: '/' }] }] };
  assert.ok(viewGraph(endless, { root: '/', unfolded: new Set(['/']), hasArtifacts: false }).nodes.size > 0);
});
