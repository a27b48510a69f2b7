// Rows of tasks in, what the terminal shows out: counts, folded loops, lines for what ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRow, TaskRow } from '../model/run.ts';
import { RunProgress } from './run-progress.ts';

const run = { runId: 'r', displayName: 'demo', pipelineName: 'demo', state: 'RUNNING', createdAtMs: 0 } as RunRow;

function task(number: number, path: string, changes: Partial<TaskRow> = {}): TaskRow {
  return {
    runId: 'r',
    task: number,
    parentTask: 0,
    key: path.slice(1),
    displayName: path,
    path,
    kind: 'container',
    iteration: null,
    state: 'PENDING',
    stateReason: null,
    error: null,
    attempts: 0,
    cacheKey: null,
    cachedFromTaskId: null,
    inputs: null,
    outputs: null,
    createdAtMs: 0,
    startedAtMs: null,
    endedAtMs: null,
    ...changes,
  };
}

const root = task(0, '/', { kind: 'dag', parentTask: null, state: 'RUNNING' });

test('steps are counted by state; groups are not steps', () => {
  const progress = new RunProgress(run);
  progress.apply({ tasks: [root, task(1, '/a'), task(2, '/b'), task(3, '/group', { kind: 'dag', state: 'RUNNING' })] });
  progress.apply({ tasks: [task(1, '/a', { state: 'RUNNING', startedAtMs: 5 })] });
  const view = progress.view();
  assert.equal(view.counts.running, 1);
  assert.equal(view.counts.waiting, 1);
  assert.deepEqual(view.running, [{ path: '/a', startedAtMs: 5 }]);
});

test('a group that was left out counts as one skipped step', () => {
  const progress = new RunProgress(run);
  const lines = progress.apply({ tasks: [root, task(1, '/condition-1', { kind: 'dag', state: 'SKIPPED', stateReason: 'no' })] });
  assert.equal(progress.view().counts.skipped, 1);
  assert.deepEqual(
    lines.map((line) => [line.path, line.reason]),
    [['/condition-1', 'no']],
  );
});

test('what ended is told once', () => {
  const progress = new RunProgress(run);
  const ended = task(1, '/a', { state: 'SUCCEEDED', startedAtMs: 1, endedAtMs: 4, attempts: 1 });
  assert.equal(progress.apply({ tasks: [root, ended] }).length, 1);
  assert.equal(progress.apply({ tasks: [ended] }).length, 0);
});

function loopOf(iterations: number): TaskRow[] {
  const rows = [root, task(1, '/loop', { kind: 'loop', state: 'RUNNING' })];
  for (let index = 0; index < iterations; index += 1) {
    rows.push(task(2 + index, `/loop[${index}]`, { parentTask: 1, kind: 'dag', iteration: index, state: 'RUNNING' }));
  }
  return rows;
}

test('a small loop shows its steps', () => {
  const progress = new RunProgress(run);
  progress.apply({ tasks: loopOf(3) });
  const lines = progress.apply({ tasks: [task(100, '/loop[0]/train', { parentTask: 2, state: 'SUCCEEDED' })] });
  assert.deepEqual(
    lines.map((line) => line.path),
    ['/loop[0]/train'],
  );
});

test('a large loop is followed as a number, and only its failures are shown, up to ten', () => {
  const progress = new RunProgress(run);
  progress.apply({ tasks: loopOf(1000) });
  const steps = Array.from({ length: 100 }, (_, index) =>
    task(5000 + index, `/loop[${index}]/train`, { parentTask: 2 + index, state: index < 50 ? 'FAILED' : 'SUCCEEDED' }),
  );
  const iterations = Array.from({ length: 100 }, (_, index) =>
    task(2 + index, `/loop[${index}]`, {
      parentTask: 1,
      kind: 'dag',
      iteration: index,
      state: index < 50 ? 'FAILED' : 'SUCCEEDED',
    }),
  );
  const lines = progress.apply({ tasks: [...steps, ...iterations] });
  assert.equal(lines.length, 10);
  const [loop] = progress.view().loops;
  assert.equal(loop?.done, 100);
  assert.equal(loop?.total, 1000);
  assert.equal(loop?.failed, 50);
});

test('a loop is counted against all its iterations, also while only some have started', () => {
  const progress = new RunProgress(run);
  const [top, loop, ...iterations] = loopOf(2);
  const ended = { ...iterations[0]!, state: 'SUCCEEDED' } as const;
  progress.apply({ tasks: [top!, { ...loop!, iterationCount: 40 }, ended, iterations[1]!] });
  assert.deepEqual(progress.view().loops, [{ path: '/loop', done: 1, total: 40, failed: 0 }]);
});
