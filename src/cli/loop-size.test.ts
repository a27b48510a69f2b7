// The size of a loop comes from its items: fixed in the pipeline, or among the loop's inputs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PipelineSpec, TaskIterator } from '../ir/spec.ts';
import type { TaskRow } from '../model/run.ts';
import { loopSize } from './loop-size.ts';

function specWith(iterator: TaskIterator): PipelineSpec {
  const scope = (tasks: object) => ({ dag: { tasks } });
  return {
    root: scope({ outer: { componentName: 'body' } }),
    components: { body: scope({ loop: { componentName: 'step', iterator } }) },
  } as unknown as PipelineSpec;
}

const row = {
  path: '/outer[3]/loop',
  inputs: { parameters: { items: [1, 2] }, artifacts: { models: [{}, {}, {}] } },
} as unknown as TaskRow;
const shared = { itemInput: 'item', parallelismLimit: 0 };
const rows: readonly (readonly [string, TaskIterator, number | undefined])[] = [
  ['fixed items', { kind: 'parameter', items: { kind: 'raw', items: ['a', 'b', 'c', 'd'] }, ...shared }, 4],
  ['a list among the inputs', { kind: 'parameter', items: { kind: 'input', inputParameter: 'items' }, ...shared }, 2],
  ['a list that is not there', { kind: 'parameter', items: { kind: 'input', inputParameter: 'others' }, ...shared }, undefined],
  ['a list of artifacts', { kind: 'artifact', inputArtifact: 'models', ...shared }, 3],
];
for (const [what, iterator, expected] of rows) {
  test(`a loop over ${what} has ${expected ?? 'no known number of'} iterations`, () => {
    assert.equal(loopSize(specWith(iterator), row), expected);
  });
}
