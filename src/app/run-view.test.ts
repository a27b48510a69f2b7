import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { task } from '../../test/contract/store-fixtures.ts';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp, type TestApp } from '../../test/support/test-app.ts';
import { logFile } from '../launcher/log-file.ts';
import type { TaskRow } from '../model/run.ts';
import { createExperiment } from './experiments.ts';
import { countStates, effectiveParameters, failureCause, runNames } from './run-view.ts';
import { createRun } from './runs.ts';

const error = (message: string) => ({ code: 1, message, cause: 'step' as const });
const failed = (number: number, endedAtMs: number, more: Partial<TaskRow> = {}): TaskRow =>
  task('r', number, { state: 'FAILED', error: error(`task ${number}`), endedAtMs, attempts: 1, ...more });

async function logged({ dataDir }: TestApp, attemptId: string, text: string): Promise<void> {
  const file = logFile(dataDir, attemptId);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

test('Of the steps that failed, the first to end is the cause; groups only hand its failure on.', async () => {
  await using given = await testApp();
  const tasks = [failed(0, 30, { kind: 'dag' }), failed(1, 20), failed(2, 10), failed(3, 10, { kind: 'loop' })];
  assert.equal((await failureCause(given.app, tasks))?.task.task, 2);
});

test('The cause is the last attempt of the step, with the end of what that printed.', async () => {
  await using given = await testApp();
  await logged(given, 'r.2.0', 'first try\n');
  await logged(given, 'r.2.2', `${'x'.repeat(5_000)}\nthird try\n`);
  const cause = await failureCause(given.app, [failed(2, 10, { attempts: 3 })]);
  assert.deepEqual([cause?.attempt, cause?.logTail], [2, 'third try\n']);
});

test('An iteration of a loop that failed is the cause, not the loop.', async () => {
  await using given = await testApp();
  const tasks = [
    failed(1, 9, { kind: 'loop' }),
    task('r', 2, { kind: 'dag', iteration: 0, state: 'SUCCEEDED' }),
    failed(3, 9, { kind: 'dag', iteration: 1, parentTask: 1 }),
    failed(4, 9, { parentTask: 3, path: '/loop[1]/step' }),
  ];
  assert.equal((await failureCause(given.app, tasks))?.task.path, '/loop[1]/step');
});

test('Where only a group has failed, the group is the cause.', async () => {
  await using given = await testApp();
  const tasks = [failed(0, 5, { kind: 'dag' }), task('r', 1, { state: 'CANCELED' })];
  assert.equal((await failureCause(given.app, tasks))?.task.task, 0);
});

test('Without a failed step there is no cause.', async () => {
  await using given = await testApp();
  assert.equal(await failureCause(given.app, [task('r', 0), task('r', 1, { state: 'SUCCEEDED' })]), undefined);
});

test('Steps are counted by state, groups are not.', () => {
  const tasks = [
    task('r', 0, { kind: 'dag', state: 'RUNNING' }),
    task('r', 1, { kind: 'loop', state: 'RUNNING' }),
    task('r', 2, { state: 'CACHED' }),
    task('r', 3, { state: 'SUCCEEDED', kind: 'importer' }),
    task('r', 4, { state: 'SUCCEEDED' }),
  ];
  assert.deepEqual(countStates(tasks), { CACHED: 1, SUCCEEDED: 2 });
});

const spec = stepPipeline({
  parameters: { given: { type: 'STRING', default: 'a' }, left: { type: 'STRING', default: 'b' } },
  steps: { only: { sh: 'true' } },
});

test('A run sees the defaults of its pipeline but for what it was given.', async () => {
  await using given = await testApp();
  const run = await createRun(given.app, { displayName: 'r', source: inline(spec), parameters: () => ({ given: '' }) });
  assert.deepEqual(await effectiveParameters(given.app, run), { given: '', left: 'b' });
});

test('Names are looked up once each; what is gone has none.', async () => {
  await using given = await testApp();
  const { experimentId } = await createExperiment(given.app, { name: 'mine' });
  const run = await createRun(given.app, { displayName: 'r', experimentId, source: inline(spec), parameters: () => ({}) });
  let asked = 0;
  const { catalogue } = given.app;
  const getExperiment = (id: string) => {
    asked += 1;
    return catalogue.getExperiment(id);
  };
  const names = runNames({ ...given.app, catalogue: { ...catalogue, getExperiment } });
  const gone = { ...run, details: { ...run.details, experimentId: 'gone' } };
  const told = await Promise.all([names(run), names(run), names(gone)]);
  assert.deepEqual(
    told.map(({ experiment }) => experiment),
    ['mine', 'mine', ''],
  );
  assert.deepEqual([asked, told[0]!.pipeline, told[0]!.version], [2, '', '']);
});
