import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dag, task } from '../../test/support/spec-builder.ts';
import { readPipeline } from '../ir/read.ts';
import type { ComponentSpec } from '../ir/spec.ts';
import { type GraphTask, pipelineGraph } from './pipeline-graph.ts';

const golden = (name: string) => readPipeline(readFileSync(new URL(`../../test/golden/pipelines/${name}.yaml`, import.meta.url)));

function tasksOf(name: string): Readonly<Record<string, GraphTask>> {
  const { scopes } = pipelineGraph(golden(name));
  return Object.fromEntries(scopes.flatMap(({ tasks }) => tasks.map((one) => [one.path, one])));
}

test('There is a scope for the root and for each task that opens one; their tasks are found by path.', () => {
  const { pipelineName, scopes, isTruncated } = pipelineGraph(golden('nested-collect'));
  assert.deepEqual([pipelineName, isTruncated], ['nested-collect', false]);
  assert.deepEqual(
    scopes.map(({ path, tasks }) => [path, tasks.map(({ key }) => key)]),
    [
      ['/', ['for-loop-2', 'nested-total']],
      ['/for-loop-2', ['for-loop-4']],
      ['/for-loop-2/for-loop-4', ['inner-sum']],
      ['/for-loop-2/for-loop-4/inner-sum', ['for-loop-2', 'total']],
      ['/for-loop-2/for-loop-4/inner-sum/for-loop-2', ['add']],
    ],
  );
});

for (const [name, path, kind] of [
  ['nested-collect', '/for-loop-2', 'loop'],
  ['nested-collect', '/for-loop-2/for-loop-4/inner-sum', 'dag'],
  ['ifelse', '/condition-branches-1/condition-2', 'dag'],
  ['importer', '/importer', 'importer'],
  ['importer', '/r', 'container'],
  ['k-pvc', '/createpvc', 'volume'],
] as const) {
  test(`${path} of ${name} is a ${kind}.`, () => assert.equal(tasksOf(name)[path]?.kind, kind));
}

test('Only what opens a scope names one.', () => {
  const tasks = tasksOf('ifelse');
  assert.equal(tasks['/condition-branches-1']?.scope, '/condition-branches-1');
  assert.equal(tasks['/condition-branches-1/condition-2/ident']?.scope, undefined);
});

test('A condition is shown as the document has it.', () => {
  assert.match(tasksOf('ifelse')['/condition-branches-1/condition-2']?.condition ?? '', /> 10$/);
});

test('What runs in the end in any case is told from what waits for a success.', () => {
  const tasks = tasksOf('exit-handler');
  assert.deepEqual(
    ['/exit-handler-1', '/ident', '/exit-handler-1/ident-2'].map((path) => [tasks[path]?.isExit, tasks[path]?.dependsOn]),
    [
      [false, []],
      [true, ['exit-handler-1']],
      [false, ['fail']],
    ],
  );
});

test('Ports are told with their types and where their values come from; a constant comes from nowhere.', () => {
  const tasks = tasksOf('importer');
  assert.deepEqual(tasks['/r']?.inputs, [{ name: 'd', type: 'system.Dataset', isArtifact: true, from: 'importer.artifact' }]);
  assert.deepEqual(tasks['/importer']?.outputs, [{ name: 'artifact', type: 'system.Dataset', isArtifact: true }]);
  assert.equal(tasksOf('exit-handler')['/ident']?.inputs[0]?.from, undefined);
  assert.equal(tasksOf('ifelse')['/condition-branches-1']?.inputs[0]?.from, 'n');
});

test('A step is told with its image, retries and use of the cache.', () => {
  const { image, maxRetries, isCacheEnabled, command } = tasksOf('retry')['/flaky']!;
  assert.deepEqual([image, maxRetries, isCacheEnabled, command.length > 0], ['python:3.11', 3, false, true]);
});

/** Each level uses the next one ten times: 10 + 100 + 1,000 + … tasks. */
function levels(depth: number) {
  const leaf = golden('retry');
  const components: Record<string, ComponentSpec> = {};
  for (let level = 0; level < depth; level += 1) {
    const below = level + 1 === depth ? 'empty' : `level-${level + 1}`;
    const tasks = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`task-${at}`, task(`comp-${below}`)]));
    components[`comp-level-${level}`] = dag(tasks);
  }
  components['comp-empty'] = dag({});
  return { ...leaf, spec: { ...leaf.spec, components, root: dag({ top: task('comp-level-0') }) } };
}

test('A component that is used in a hundred thousand places is drawn in some of them, and that is said.', () => {
  const { scopes, isTruncated } = pipelineGraph(levels(5));
  const count = scopes.reduce((sum, { tasks }) => sum + tasks.length, 0);
  assert.equal(isTruncated, true);
  assert.ok(count > 10_000 && count <= 20_000, `${count} tasks`);
});
