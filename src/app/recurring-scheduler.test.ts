import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp, type TestApp } from '../../test/support/test-app.ts';
import type { JsonObject } from '../base/json.ts';
import type { CataloguedRun, RecurringRunRow, Trigger } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { deletePipeline } from './pipelines.ts';
import { uploadPipeline, uploadVersion } from './upload-pipeline.ts';
import { createRecurringRun, enableRecurringRun, getRecurringRun, type NewRecurringRun } from './recurring-runs.ts';
import { startRecurringScheduler } from './recurring-scheduler.ts';

/** A Thursday, at midnight. */
const START = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const spec = stepPipeline({
  parameters: { when: { type: 'STRING', default: '' } },
  steps: { only: { sh: 'true', cached: false, inputs: { when: 'root:when' } } },
});

const each = (intervalSeconds: number, startMs = 0, endMs = 0): Trigger => ({
  kind: 'interval',
  intervalSeconds,
  startMs,
  endMs,
});

const recurring = (app: App, changes: Partial<NewRecurringRun> & { readonly given?: JsonObject } = {}) =>
  createRecurringRun(app, {
    displayName: 'nightly',
    source: inline(spec),
    parameters: () => changes.given ?? {},
    isEnabled: true,
    maxConcurrency: 10,
    noCatchup: false,
    trigger: each(60),
    ...changes,
  });

function scheduled({ app }: Pick<TestApp, 'app'>, onError: (error: unknown) => void = (error) => assert.fail(String(error))) {
  return startRecurringScheduler(app, { onError });
}

async function runsOf({ catalogue, engine }: App, { recurringRunId }: RecurringRunRow): Promise<readonly CataloguedRun[]> {
  await engine.settled();
  const { rows } = await catalogue.listCataloguedRuns({
    predicates: [{ field: 'recurring_run_id', operation: 'eq', values: [recurringRunId] }],
    sort: { field: 'scheduled_at_ms', descending: false },
    limit: 100,
  });
  return rows;
}

const dueMinutes = (runs: readonly CataloguedRun[]) => runs.map(({ run }) => (run.scheduledAtMs - START) / MINUTE);

/** Time goes on in steps, as it does for a server. */
async function pass({ app, clock }: TestApp, scheduler: { settled(): Promise<void> }, ms: number, stepMs = 10 * SECOND) {
  const settled = async () => {
    await scheduler.settled();
    await app.engine.settled();
  };
  await settled();
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(stepMs);
    await settled();
  }
}

test('Runs are started when they are due, each with its time and its number.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app);
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 150 * SECOND);
  const runs = await runsOf(given.app, row);
  assert.deepEqual(dueMinutes(runs), [1, 2]);
  assert.deepEqual(
    runs.map(({ run }) => run.displayName.replace(/-[0-9a-f]{8}$/, '')),
    ['nightly-1', 'nightly-2'],
  );
});

test('Macros stand for the time and the number of the tick.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app, { given: { when: '[[ScheduledTime]] [[Index]]' } });
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 125 * SECOND);
  assert.deepEqual(
    (await runsOf(given.app, row)).map(({ run }) => run.arguments['when']),
    ['20260101000100 1', '20260101000200 2'],
  );
});

test('No more runs go on at once than are allowed; the ticks that waited follow, each at its own time.', async () => {
  await using given = await testApp({ startMs: START });
  given.executor.holds = true;
  const row = await recurring(given.app, { maxConcurrency: 2 });
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 5 * MINUTE);
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [1, 2]);
  given.executor.end();
  await given.app.engine.settled();
  await scheduler.settled();
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [1, 2, 3, 4]);
});

test('Missed ticks are caught up with, more than are started in one round.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app, { trigger: each(60, START - 25 * MINUTE) });
  await using scheduler = scheduled(given);
  for (let turns = 0; turns < 1_000 && (await runsOf(given.app, row)).length < 25; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    given.clock.advance(1);
    await scheduler.settled();
  }
  const runs = dueMinutes(await runsOf(given.app, row));
  assert.deepEqual(
    runs,
    Array.from({ length: 25 }, (_, index) => index - 24),
  );
});

test('Without catching up, the last missed tick alone is started.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app, { trigger: each(60, START - 25 * MINUTE), noCatchup: true });
  await using scheduler = scheduled(given);
  await scheduler.settled();
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [0]);
});

test('After the end time nothing is started, at the end time itself it is.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app, { trigger: each(60, 0, START + 2 * MINUTE) });
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 5 * MINUTE);
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [1, 2]);
});

test('Without a trigger it runs once, at once.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app, { trigger: { kind: 'once' } });
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 3 * MINUTE);
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [0]);
});

test('What is disabled is not started; what was missed meanwhile is, once it is enabled.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app, { isEnabled: false });
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 2 * MINUTE);
  assert.deepEqual(await runsOf(given.app, row), []);
  await enableRecurringRun(given.app, row.recurringRunId, true);
  scheduler.poke();
  await scheduler.settled();
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [1, 2]);
  await enableRecurringRun(given.app, row.recurringRunId, false);
  await pass(given, scheduler, 2 * MINUTE);
  assert.equal((await runsOf(given.app, row)).length, 2);
});

test('A server that was killed between starting a run and recording the tick does not start it again.', async () => {
  await using given = await testApp({ startMs: START });
  const row = await recurring(given.app);
  const killed = new Error('killed');
  const recordTick = () => Promise.reject(killed);
  const errors: unknown[] = [];
  {
    const app = { ...given.app, catalogue: { ...given.app.catalogue, recordTick } };
    await using scheduler = scheduled({ app }, (error) => errors.push(error));
    await pass(given, scheduler, 70 * SECOND);
  }
  assert.equal(errors[0], killed);
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [1]);
  assert.equal((await getRecurringRun(given.app, row.recurringRunId)).runsStarted, 0);
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 60 * SECOND);
  assert.deepEqual(dueMinutes(await runsOf(given.app, row)), [1, 2]);
  assert.equal((await getRecurringRun(given.app, row.recurringRunId)).runsStarted, 2);
});

test('A tick that cannot make a run is recorded with the reason, and the next is tried.', async () => {
  await using given = await testApp({ startMs: START });
  const content = Buffer.from(JSON.stringify(spec));
  const { pipeline } = await uploadPipeline(given.app, { name: 'p', content, fileName: 'p.yaml' });
  const source = { kind: 'version', pipelineId: pipeline.pipelineId, pipelineVersionId: '' } as const;
  const row = await recurring(given.app, { source });
  await deletePipeline(given.app, pipeline.pipelineId, { cascade: true });
  await using scheduler = scheduled(given);
  await pass(given, scheduler, 2 * MINUTE);
  const { error, runsStarted, lastDueAtMs } = await getRecurringRun(given.app, row.recurringRunId);
  assert.match(error, /Pipeline .* not found/);
  assert.deepEqual([runsStarted, lastDueAtMs], [2, START + 2 * MINUTE]);
});

test('Without a version, each tick takes the newest there is then.', async () => {
  await using given = await testApp({ startMs: START });
  const upload = { content: Buffer.from(JSON.stringify(spec)), fileName: 'p.yaml' };
  const { pipeline, version } = await uploadPipeline(given.app, { ...upload, name: 'p' });
  const { pipelineId } = pipeline;
  const row = await recurring(given.app, { source: { kind: 'version', pipelineId, pipelineVersionId: '' } });
  await using scheduler = scheduled(given);
  await pass(given, scheduler, MINUTE);
  const newer = await uploadVersion(given.app, { ...upload, name: 'p2', pipelineId });
  await pass(given, scheduler, MINUTE);
  assert.deepEqual(
    (await runsOf(given.app, row)).map(({ details }) => details.pipelineVersionId),
    [version.pipelineVersionId, newer.pipelineVersionId],
  );
});

test('What goes wrong with one does not hold up the others.', async () => {
  await using given = await testApp({ startMs: START });
  const broken = await recurring(given.app, { displayName: 'broken' });
  const fine = await recurring(given.app);
  const { catalogue } = given.app;
  const countActiveRuns = (id: string) =>
    id === broken.recurringRunId ? Promise.reject(new Error('no')) : catalogue.countActiveRuns(id);
  const errors: unknown[] = [];
  const app = { ...given.app, catalogue: { ...catalogue, countActiveRuns } };
  await using scheduler = scheduled({ app }, (error) => errors.push(error));
  await pass(given, scheduler, 90 * SECOND);
  assert.deepEqual(dueMinutes(await runsOf(given.app, fine)), [1]);
  assert.match(String(errors[0]), /no/);
});

test('A scheduler that is stopped while it works leaves no timer behind.', async () => {
  await using given = await testApp({ startMs: START });
  await recurring(given.app);
  let timers = 0;
  const clock = {
    ...given.clock,
    at(atMs: number, callback: () => void) {
      timers += 1;
      const cancel = given.clock.at(atMs, callback);
      return () => {
        timers -= 1;
        cancel();
      };
    },
  };
  const enabledRecurringRuns = () => Promise.reject(new Error('the database is closed'));
  const app = { ...given.app, clock, catalogue: { ...given.app.catalogue, enabledRecurringRuns } };
  const scheduler = scheduled({ app }, () => {});
  await scheduler[Symbol.asyncDispose]();
  assert.equal(timers, 0);
});

test('A time zone that does not exist is told at the start.', async () => {
  await using given = await testApp();
  const start = () => startRecurringScheduler(given.app, { timeZone: 'Mars/Olympus', onError: () => {} });
  assert.throws(start, { code: 'INVALID_ARGUMENTS', message: /Mars/ });
});
