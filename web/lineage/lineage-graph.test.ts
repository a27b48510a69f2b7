import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../graph/layout/lay-out.ts';
import { lineageGraph, neighboursOf, type Lineage } from './lineage-graph.ts';

const LINEAGE: Lineage = {
  artifacts: [{ artifact_id: 'data' }, { artifact_id: 'model' }],
  executions: [
    { task_id: 'r1.1', display_name: 'train' },
    { task_id: 'r2.1', display_name: 'deploy' },
  ],
  edges: [
    { artifact_id: 'data', task_id: 'r1.1', direction: 'input' },
    { artifact_id: 'model', task_id: 'r1.1', direction: 'output' },
    { artifact_id: 'model', task_id: 'r2.1', direction: 'input' },
    { artifact_id: 'unknown', task_id: 'r2.1', direction: 'input' },
  ],
};

test('what was read lies before an execution, what it wrote behind it, across runs', () => {
  const boxes = new Map(layOut(lineageGraph(LINEAGE), 'right').boxes.map(({ id, x }) => [id, x]));
  const order = ['artifact:data', 'execution:r1.1', 'artifact:model', 'execution:r2.1'].map((id) => boxes.get(id)!);
  assert.deepEqual(
    order,
    order.toSorted((one, other) => one - other),
  );
});

test('an artifact knows what made it and what used it', () => {
  const { madeBy, usedBy } = neighboursOf(LINEAGE, 'model');
  assert.deepEqual(
    [madeBy.map(({ display_name }) => display_name), usedBy.map(({ display_name }) => display_name)],
    [['train'], ['deploy']],
  );
});
