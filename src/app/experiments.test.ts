import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp } from '../../test/support/test-app.ts';
import {
  archiveExperiment,
  createExperiment,
  defaultExperimentId,
  deleteExperiment,
  getExperiment,
  unarchiveExperiment,
} from './experiments.ts';
import { createRecurringRun, getRecurringRun } from './recurring-runs.ts';
import { createRun, getRun } from './runs.ts';

const source = inline(stepPipeline({ steps: { only: { sh: 'true' } } }));

test('Each namespace has a default experiment of its own, made when it is needed and made again when it is gone.', async () => {
  await using given = await testApp();
  const own = await defaultExperimentId(given.app);
  const theirs = await defaultExperimentId(given.app, 'theirs');
  assert.notEqual(own, theirs);
  assert.equal(await defaultExperimentId(given.app), own);
  await given.app.catalogue.deleteExperiment(own, 1);
  const again = await defaultExperimentId(given.app);
  assert.notEqual(again, own);
  assert.equal((await getExperiment(given.app, again)).name, 'Default');
});

test('The default experiment cannot be deleted.', async () => {
  await using given = await testApp();
  const id = await defaultExperimentId(given.app, 'theirs');
  await assert.rejects(deleteExperiment(given.app, id), { code: 'CONFLICT', message: 'Cannot delete the default experiment' });
});

test('Names are taken within a namespace only.', async () => {
  await using given = await testApp();
  await createExperiment(given.app, { name: 'e' });
  await createExperiment(given.app, { name: 'e', namespace: 'theirs' });
  await assert.rejects(createExperiment(given.app, { name: 'e' }), { code: 'ALREADY_EXISTS', message: /specify a new name/ });
});

async function used() {
  const given = await testApp();
  const { experimentId } = await createExperiment(given.app, { name: 'e' });
  const { run } = await createRun(given.app, { displayName: 'r', experimentId, source, parameters: () => ({}) });
  const { recurringRunId } = await createRecurringRun(given.app, {
    displayName: 'nightly',
    experimentId,
    source,
    parameters: () => ({}),
    isEnabled: true,
    maxConcurrency: 1,
    noCatchup: false,
    trigger: { kind: 'interval', intervalSeconds: 60, startMs: 0, endMs: 0 },
  });
  return { given, experimentId, runId: run.runId, recurringRunId };
}

test('With an experiment, its runs are archived and its recurring runs disabled; they stay so when it comes back.', async () => {
  const { given, experimentId, runId, recurringRunId } = await used();
  await using _ = given;
  const states = async () => [
    (await getExperiment(given.app, experimentId)).storageState,
    (await getRun(given.app, runId)).storageState,
    (await getRecurringRun(given.app, recurringRunId)).isEnabled,
  ];
  await archiveExperiment(given.app, experimentId);
  assert.deepEqual(await states(), ['ARCHIVED', 'ARCHIVED', false]);
  await unarchiveExperiment(given.app, experimentId);
  assert.deepEqual(await states(), ['AVAILABLE', 'ARCHIVED', false]);
});

test('Of a deleted experiment the runs stay; recurring runs are disabled.', async () => {
  const { given, experimentId, runId, recurringRunId } = await used();
  await using _ = given;
  await deleteExperiment(given.app, experimentId);
  assert.equal((await getRun(given.app, runId)).details.experimentId, experimentId);
  assert.equal((await getRecurringRun(given.app, recurringRunId)).isEnabled, false);
});

test('An experiment that is not there is told by its id.', async () => {
  await using given = await testApp();
  for (const ask of [getExperiment, archiveExperiment, unarchiveExperiment, deleteExperiment]) {
    await assert.rejects(ask(given.app, 'gone'), { code: 'NOT_FOUND', message: 'Experiment gone not found' });
  }
});
