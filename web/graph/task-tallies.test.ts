import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathsAround, stateOfTally, TaskTallies, totalOf, withoutIterations } from './task-tallies.ts';

const leaf = (path: string, state: string) => ({ path, state, isLeaf: true });

test('a loop counts the tasks of all its iterations, an iteration only its own', () => {
  const tallies = new TaskTallies();
  tallies.apply([leaf('/loop[0]/train', 'SUCCEEDED'), leaf('/loop[1]/train', 'FAILED'), leaf('/load', 'SUCCEEDED')]);
  assert.deepEqual(tallies.of('/loop'), { SUCCEEDED: 1, FAILED: 1 });
  assert.deepEqual(tallies.of('/loop[1]'), { FAILED: 1 });
  assert.deepEqual(tallies.of('/loop/train'), { SUCCEEDED: 1, FAILED: 1 });
  assert.equal(totalOf(tallies.of('/')), 3);
});

test('a task that changes its state leaves one count and enters another', () => {
  const tallies = new TaskTallies();
  tallies.apply([leaf('/loop[0]/train', 'RUNNING')]);
  const before = tallies.of('/load');
  const changed = tallies.apply([leaf('/loop[0]/train', 'SUCCEEDED')]);
  assert.deepEqual(tallies.of('/loop'), { SUCCEEDED: 1 });
  assert.deepEqual([...changed].sort(), ['/', '/loop', '/loop/train', '/loop[0]', '/loop[0]/train']);
  assert.equal(tallies.of('/load'), before);
  assert.equal(tallies.apply([leaf('/loop[0]/train', 'SUCCEEDED')]).size, 0, 'nothing changed');
});

test('groups are not counted as tasks, but have a state of their own', () => {
  const tallies = new TaskTallies();
  tallies.apply([{ path: '/condition-1', state: 'SKIPPED', isLeaf: false }]);
  assert.deepEqual(tallies.of('/condition-1'), {});
  assert.deepEqual(tallies.at('/condition-1'), { SKIPPED: 1 });
});

test('paths lose their iterations, and know what is around them', () => {
  assert.equal(withoutIterations('/a[0]/b/c[12]/d'), '/a/b/c/d');
  assert.deepEqual(pathsAround('/a[0]/b'), ['/', '/a', '/a[0]', '/a/b', '/a[0]/b']);
  assert.ok(pathsAround('/a[0]/b[1]/c').includes('/a[0]/b/c'));
});

const STATES: readonly [Parameters<typeof stateOfTally>[0], ReturnType<typeof stateOfTally>][] = [
  [{}, undefined],
  [{ SUCCEEDED: 3 }, 'SUCCEEDED'],
  [{ SUCCEEDED: 3, FAILED: 1 }, 'FAILED'],
  [{ SUCCEEDED: 3, FAILED: 1, RUNNING: 1 }, 'RUNNING'],
  [{ PENDING: 2 }, 'PENDING'],
  [{ PENDING: 2, SUCCEEDED: 1 }, 'RUNNING'],
  [{ CACHED: 2, SKIPPED: 1 }, 'CACHED'],
];
for (const [tally, expected] of STATES) {
  test(`${JSON.stringify(tally)} is shown as ${expected ?? 'nothing'}`, () => assert.equal(stateOfTally(tally), expected));
}
