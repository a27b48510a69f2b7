import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from './run-tasks.ts';
import { failedFirst, matches } from './task-order.ts';
import { timelineOf, timeTicks } from './timeline-model.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const TASKS: readonly Task[] = [
  {
    path: '/loop',
    name: 'loop',
    task_id: 'r.1',
    kind: 'loop',
    state: 'RUNNING',
    number: 1,
    create_time: at(0),
    start_time: at(0),
  },
  {
    path: '/loop[1]',
    name: 'loop',
    task_id: 'r.3',
    parent_task_id: 'r.1',
    state: 'RUNNING',
    number: 3,
    create_time: at(0),
    start_time: at(4),
  },
  {
    path: '/loop[0]',
    name: 'loop',
    task_id: 'r.2',
    parent_task_id: 'r.1',
    state: 'FAILED',
    number: 2,
    create_time: at(0),
    start_time: at(1),
    end_time: at(3),
  },
  { path: '/last', name: 'last', task_id: 'r.4', state: 'PENDING', number: 4, create_time: at(5) },
];

test('the timeline shows how long a task waited and ran, what is in a group below it, in the order of starting', () => {
  const { rows, lengthMs, origin } = timelineOf(TASKS, Date.parse(at(10)));
  assert.equal(origin, Date.parse(at(0)));
  assert.deepEqual(
    rows.map(({ label, depth, queued, start, end }) => [label, depth, queued, start, end]),
    [
      ['loop', 0, 0, 0, undefined],
      ['iteration 0', 1, 0, 1_000, 3_000],
      ['iteration 1', 1, 0, 4_000, undefined],
      ['last', 0, 5_000, undefined, undefined],
    ],
  );
  assert.equal(lengthMs, 10_000, 'what runs goes on to now');
});

test('a task waits from when all before it had ended, in its own iteration', () => {
  const tasks: readonly Task[] = [
    { path: '/loop[0]/a', task_id: 'r.1', state: 'SUCCEEDED', create_time: at(0), start_time: at(0), end_time: at(3) },
    { path: '/loop[1]/a', task_id: 'r.2', state: 'SUCCEEDED', create_time: at(0), start_time: at(0), end_time: at(9) },
    { path: '/loop[0]/b', task_id: 'r.3', state: 'RUNNING', create_time: at(0), start_time: at(5) },
  ];
  const { rows } = timelineOf(tasks, Date.parse(at(10)), (path) => (path === '/loop/b' ? ['a'] : []));
  assert.deepEqual([rows[2]!.queued, rows[2]!.start], [3_000, 5_000]);
});

test('a run in which nothing has started has an empty timeline', () => assert.deepEqual(timelineOf([], 5).rows, []));

test('the axis is marked at round times', () => {
  assert.deepEqual(timeTicks(10_000, 8), [0, 2_000, 4_000, 6_000, 8_000, 10_000]);
  assert.equal(timeTicks(86_400_000 * 100, 8).length <= 9, true);
});

test('what failed is listed first, then what runs', () => {
  assert.deepEqual(
    failedFirst(TASKS).map(({ path }) => path),
    ['/loop[0]', '/loop', '/loop[1]', '/last'],
  );
});

test('tasks are filtered by state and name', () => {
  assert.deepEqual(
    TASKS.filter((task) => matches(task, { state: 'RUNNING', q: '[1]' })).map(({ path }) => path),
    ['/loop[1]'],
  );
});
