import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from './nearest-name.ts';

const rows: readonly [name: string, names: readonly string[], nearest: string | undefined][] = [
  ['componentref', ['componentRef', 'inputs'], 'componentRef'],
  ['depndentTasks', ['dependentTasks'], 'dependentTasks'],
  ['components_1', ['components', 'root'], 'components'],
  ['x', ['completely', 'different'], undefined],
  ['train', [], undefined],
];
for (const [name, names, nearest] of rows) {
  test(`the nearest to ${name} among ${names.join(', ') || 'nothing'} is ${nearest}`, () => {
    assert.equal(nearestName(name, names), nearest);
  });
}
