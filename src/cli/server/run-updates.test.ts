import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressRun, progressTask } from './run-updates.ts';

const RUN = 'b81282e1-48b8-4dbe-a473-a87a4b7c0e06';

test('a task of the API is a row of the progress view: parent, iteration and number come from id and path', () => {
  const row = progressTask({
    task_id: `${RUN}.7`,
    parent_task_id: `${RUN}.3`,
    number: 7,
    path: '/for-loop-1[0]',
    kind: 'dag',
    state: 'RUNNING',
    create_time: 1000,
    start_time: 2000,
  });
  assert.deepEqual([row.task, row.parentTask, row.iteration, row.state], [7, 3, 0, 'RUNNING']);
  assert.deepEqual([row.createdAtMs, row.startedAtMs, row.endedAtMs], [1000, 2000, null]);
});

test('a loop of the API says how many iterations it has', () => {
  assert.equal(progressTask({ kind: 'loop', type_attributes: { iteration_count: 40 } }).iterationCount, 40);
  assert.equal(progressTask({ kind: 'loop', type_attributes: {} }).iterationCount, undefined);
});

test('zero values are left out on the wire: the root is number 0 and has no parent', () => {
  const row = progressTask({ task_id: `${RUN}.0`, path: '/', state: 'PENDING' });
  assert.deepEqual([row.task, row.parentTask, row.iteration, row.attempts, row.error], [0, null, null, 0, null]);
});

test('a state this version does not know counts as pending', () => {
  assert.equal(progressRun({ run_id: RUN, state: 'DREAMING' }).state, 'PENDING');
  assert.equal(progressTask({ state: 'RUNTIME_STATE_UNSPECIFIED' }).state, 'PENDING');
});
