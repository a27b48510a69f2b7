import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp } from '../../test/support/test-app.ts';
import type { JsonObject } from '../base/json.ts';
import type { App } from './app.ts';
import { cloneRun } from './clone-run.ts';
import { createExperiment, defaultExperimentId, deleteExperiment } from './experiments.ts';
import { uploadPipeline } from './upload-pipeline.ts';
import { reportMetrics } from './report-metrics.ts';
import { createRun, deleteRun, getRun, retryRun, terminateRun, unarchiveRun } from './runs.ts';

const spec = stepPipeline({
  parameters: { text: { type: 'STRING', default: 'as usual' } },
  steps: { only: { sh: 'true', inputs: { text: 'root:text' } } },
});

const newRun = (app: App, parameters: JsonObject = {}) =>
  createRun(app, { displayName: 'r', source: inline(spec), parameters: () => parameters });

test('Two that ask for the default experiment at once are given the same one.', async () => {
  await using given = await testApp();
  const ids = await Promise.all([1, 2, 3].map(() => defaultExperimentId(given.app)));
  assert.equal(new Set(ids).size, 1);
});

test('Of two uploads of the same name at once, one is told that the name is taken.', async () => {
  await using given = await testApp();
  const upload = () => uploadPipeline(given.app, { name: 'p', content: Buffer.from(JSON.stringify(spec)), fileName: 'p.yaml' });
  const results = await Promise.allSettled([upload(), upload()]);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? 'uploaded' : (result.reason as { code: string }).code)).toSorted(),
    ['ALREADY_EXISTS', 'uploaded'],
  );
});

test('Nothing is kept of a run that is refused.', async () => {
  await using given = await testApp();
  const ids: string[] = [];
  const { catalogue } = given.app;
  const app: App = {
    ...given.app,
    catalogue: {
      ...catalogue,
      prepareRun: async (details) => {
        ids.push(details.runId);
        await catalogue.prepareRun(details);
      },
      deleteRun: async (runId) => {
        ids.splice(ids.indexOf(runId), 1);
        await catalogue.deleteRun(runId);
      },
    },
  };
  await assert.rejects(newRun(app, { unknown: 1 }), { code: 'INVALID_ARGUMENTS' });
  assert.deepEqual(ids, []);
});

test('A run that is going on is ended before it is deleted.', async () => {
  await using given = await testApp();
  given.executor.holds = true;
  const { run } = await newRun(given.app);
  await given.app.engine.settled();
  assert.equal(given.executor.running.length, 1);
  await deleteRun(given.app, run.runId);
  assert.deepEqual(given.executor.running, []);
  await assert.rejects(getRun(given.app, run.runId), { code: 'NOT_FOUND' });
});

test('Of two that delete a run at once, the second finds none.', async () => {
  await using given = await testApp();
  const { run } = await newRun(given.app);
  await given.app.engine.wait(run.runId);
  const first = deleteRun(given.app, run.runId);
  await assert.rejects(deleteRun(given.app, run.runId), { code: 'NOT_FOUND' });
  await first;
  await assert.rejects(getRun(given.app, run.runId), { code: 'NOT_FOUND' });
});

for (const [title, ask] of [
  ['retried and deleted', [retryRun, deleteRun]],
  ['deleted and retried', [deleteRun, retryRun]],
] as const) {
  test(`Of a run that is ${title} at once, nothing is left, and no step goes on.`, async () => {
    await using given = await testApp();
    given.executor.holds = true;
    const { run } = await newRun(given.app);
    await given.app.engine.settled();
    given.executor.end('no');
    await given.app.engine.wait(run.runId);
    await given.app.engine.settled();
    await Promise.allSettled(ask.map((one) => one(given.app, run.runId)));
    await assert.rejects(getRun(given.app, run.runId), { code: 'NOT_FOUND' });
    assert.deepEqual(given.executor.running, []);
    assert.deepEqual(await given.app.store.listTasks(run.runId), []);
  });
}

test('A run that two ask to retry at once is retried once, and its history says so once.', async () => {
  await using given = await testApp();
  given.executor.holds = true;
  const { run } = await newRun(given.app);
  await given.app.engine.settled();
  given.executor.end('no');
  await given.app.engine.wait(run.runId);
  await given.app.engine.settled();
  const results = await Promise.allSettled([retryRun(given.app, run.runId), retryRun(given.app, run.runId)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  const { details } = await getRun(given.app, run.runId);
  assert.deepEqual(
    details.earlierStates.map(({ state }) => state),
    ['PENDING', 'RUNNING', 'FAILED', 'PENDING', 'RUNNING'],
  );
  assert.equal(given.executor.running.length, 1);
});

test('A run that is going on cannot be retried.', async () => {
  await using given = await testApp();
  given.executor.holds = true;
  const { run } = await newRun(given.app);
  await assert.rejects(retryRun(given.app, run.runId), { code: 'CONFLICT', message: /not in a terminal state/ });
});

test('A run that was terminated is on its way to its end for whoever asks next; terminating it again changes nothing.', async () => {
  await using given = await testApp();
  given.executor.holds = true;
  const { run } = await newRun(given.app);
  await given.app.engine.settled();
  await terminateRun(given.app, run.runId);
  assert.match((await getRun(given.app, run.runId)).run.state, /^CANCEL(ING|ED)$/);
  await given.app.engine.wait(run.runId);
  await terminateRun(given.app, run.runId);
  assert.equal((await getRun(given.app, run.runId)).run.state, 'CANCELED');
});

test('A clone has the arguments of its run but for those that are given, also an empty one.', async () => {
  await using given = await testApp();
  const { run } = await newRun(given.app, { text: 'first' });
  const same = await cloneRun(given.app, run.runId, { parameters: {}, useCache: true });
  const empty = await cloneRun(given.app, run.runId, { parameters: { text: '' }, useCache: true });
  assert.deepEqual([same.run.arguments, empty.run.arguments], [{ text: 'first' }, { text: '' }]);
  assert.equal(empty.run.clonedFromRunId, run.runId);
});

test('A clone has the priority of its run.', async () => {
  await using given = await testApp();
  const { run } = await createRun(given.app, { displayName: 'r', source: inline(spec), parameters: () => ({}), priority: 7 });
  assert.equal((await cloneRun(given.app, run.runId, { parameters: {}, useCache: true })).run.settings.priority, 7);
});

test('A clone of a run whose experiment was deleted goes to the default experiment.', async () => {
  await using given = await testApp();
  const { experimentId } = await createExperiment(given.app, { name: 'gone soon' });
  const { run } = await createRun(given.app, { displayName: 'r', experimentId, source: inline(spec), parameters: () => ({}) });
  await deleteExperiment(given.app, experimentId);
  const clone = await cloneRun(given.app, run.runId, { parameters: {}, useCache: true });
  assert.equal(clone.details.experimentId, await defaultExperimentId(given.app));
});

test('A run comes out of the archive only after its experiment.', async () => {
  await using given = await testApp();
  const { run, details } = await newRun(given.app);
  await given.app.catalogue.setExperimentStorage(details.experimentId, { storageState: 'ARCHIVED', nowMs: 1 });
  await assert.rejects(unarchiveRun(given.app, run.runId), { code: 'FAILED_PRECONDITION', message: /un-archived first/ });
});

const metric = (name: string, nodeId = 'train') => ({ name, nodeId, value: 0.5, format: 'RAW' as const });

test('Metrics that are reported at once are all kept; each is answered for itself.', async () => {
  await using given = await testApp();
  const { run } = await newRun(given.app);
  await Promise.all([reportMetrics(given.app, run.runId, [metric('a')]), reportMetrics(given.app, run.runId, [metric('b')])]);
  const reports = await reportMetrics(given.app, run.runId, [
    metric('a'),
    metric('9'),
    metric('c', ''),
    metric('d'),
    metric('d'),
  ]);
  assert.deepEqual(
    reports.map(({ status }) => status),
    ['DUPLICATE_REPORTING', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'OK', 'DUPLICATE_REPORTING'],
  );
  assert.deepEqual(
    (await getRun(given.app, run.runId)).details.metrics.map(({ name }) => name),
    ['a', 'b', 'd'],
  );
});

test('A run keeps a thousand metrics; of more, the answer says what to do instead.', async () => {
  await using given = await testApp();
  const { run } = await newRun(given.app);
  const reports = await reportMetrics(
    given.app,
    run.runId,
    Array.from({ length: 1_002 }, (_, index) => metric(`m${index}`)),
  );
  assert.equal(reports.filter(({ status }) => status === 'OK').length, 1_000);
  assert.match(reports.at(-1)!.message, /Metrics artifact/);
});
