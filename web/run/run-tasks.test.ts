import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ofIteration, RunTasks, type Task } from './run-tasks.ts';

const task = (path: string, state: Task['state'], more: Partial<Task> = {}): Task => ({
  path,
  state: state!,
  kind: 'container',
  ...more,
});

function tasks(...all: Task[]): RunTasks {
  const run = new RunTasks((tell) => tell());
  run.apply(all);
  return run;
}

test('a step is shown by its own task', () => {
  const run = tasks(task('/train', 'RUNNING', { start_time: '2026-01-01T00:00:00Z' }));
  assert.deepEqual(run.statusOf('/train'), {
    state: 'RUNNING',
    tally: undefined,
    total: 1,
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: undefined,
  });
  assert.equal(run.statusOf('/other').state, undefined);
});

test('a loop is shown by the states of its iterations', () => {
  const run = tasks(
    task('/loop', 'RUNNING', { kind: 'loop', type_attributes: { iteration_count: '10' } }),
    task('/loop[0]', 'FAILED', { kind: 'dag' }),
    task('/loop[0]/train', 'FAILED', { number: 3 }),
    task('/loop[1]/train', 'SUCCEEDED', { number: 4 }),
  );
  assert.deepEqual(run.statusOf('/loop').tally, { FAILED: 1, SUCCEEDED: 1 });
  assert.equal(run.statusOf('/loop').total, 10);
  assert.equal(run.statusOf('/loop/train').state, 'FAILED');
  assert.equal(run.representative('/loop/train')!.path, '/loop[0]/train');
  assert.equal(ofIteration(run, '/loop', 1).statusOf('/loop/train').state, 'SUCCEEDED');
});

test('listeners are told what changed, and a status that did not change stays the same object', () => {
  const run = tasks(task('/a', 'RUNNING'), task('/b', 'PENDING'));
  const before = [run.statusOf('/a'), run.statusOf('/b')];
  const told: string[] = [];
  run.subscribe((changed) => told.push(...changed));
  run.apply([task('/a', 'SUCCEEDED')]);
  assert.ok(told.includes('/a') && !told.includes('/b'));
  assert.equal(run.statusOf('/a').state, 'SUCCEEDED');
  assert.notEqual(run.statusOf('/a'), before[0]);
  assert.equal(run.statusOf('/b'), before[1]);
});

test('a thousand changes among five thousand tasks take a few milliseconds', () => {
  const run = tasks(...Array.from({ length: 5_000 }, (_, index) => task(`/step-${index}`, 'PENDING', { number: index })));
  const started = performance.now();
  run.apply(Array.from({ length: 1_000 }, (_, index) => task(`/step-${index}`, 'RUNNING', { number: index })));
  assert.ok(performance.now() - started < 200);
});
