import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, differencesFirst, differingPaths, formatChange, greatest } from './comparison-model.ts';

test('what differs comes first, or alone', () => {
  const rows = [{ name: 'same' }, { name: 'other', is_different: true }];
  assert.deepEqual(
    differencesFirst(rows, true).map(({ name }) => name),
    ['other', 'same'],
  );
  assert.deepEqual(
    differencesFirst(rows, false).map(({ name }) => name),
    ['other'],
  );
});

test('the greatest number of a row is known, where there are numbers to compare', () => {
  assert.deepEqual([...greatest([0.8, 0.9, null, 0.9])], [1, 3]);
  assert.deepEqual([...greatest([1, 1])], []);
  assert.deepEqual([...greatest(['a', 'b'])], []);
});

test('numbers are compared with the first run', () => {
  assert.deepEqual(changes([2, 3, 2, 'x', 1]), [undefined, 50, undefined, undefined, -50]);
  assert.deepEqual(changes([0, 3]), [undefined, undefined]);
});

test('changes are written as percents, and as a factor where they are large', () => {
  assert.deepEqual([3.21, -70.4, 200_391].map(formatChange), ['+3.2 %', '−70 %', '× 2,005']);
});

test('in the graphs all iterations of a task are one node, and what came from the cache ended like what ran', () => {
  const tasks = [
    { path: '/loop[1]/train', states: ['SUCCEEDED', 'FAILED'] },
    { path: '/load', states: ['SUCCEEDED', 'CACHED'] },
    { path: '/new', states: ['', 'SUCCEEDED'] },
  ];
  assert.deepEqual([...differingPaths(tasks)], ['/loop/train', '/new']);
});
