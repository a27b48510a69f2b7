import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp } from '../../test/support/test-app.ts';
import type { JsonObject } from '../base/json.ts';
import type { Trigger } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import {
  createRecurringRun,
  deleteRecurringRun,
  enableRecurringRun,
  getRecurringRun,
  type NewRecurringRun,
} from './recurring-runs.ts';

const source = inline(
  stepPipeline({
    parameters: { rate: { type: 'NUMBER_DOUBLE' } },
    steps: { only: { sh: 'true' } },
  }),
);

type Changes = Partial<NewRecurringRun> & { readonly given?: JsonObject };

const made = (app: App, { given = { rate: 0.5 }, ...changes }: Changes = {}) =>
  createRecurringRun(app, {
    displayName: 'nightly',
    source,
    parameters: () => given,
    isEnabled: true,
    maxConcurrency: 1,
    noCatchup: false,
    trigger: { kind: 'cron', cron: '0 0 2 * * ?', startMs: 0, endMs: 0 },
    ...changes,
  });

const interval = (intervalSeconds: number, startMs = 0, endMs = 0): Trigger => ({
  kind: 'interval',
  intervalSeconds,
  startMs,
  endMs,
});

const REFUSED: readonly (readonly [title: string, changes: Changes, message: RegExp])[] = [
  ['No name', { displayName: ' ' }, /name cannot be empty/],
  ['No concurrency', { maxConcurrency: 0 }, /at least 1 and at most 10. Received 0/],
  ['Too much concurrency', { maxConcurrency: 11 }, /at least 1 and at most 10. Received 11/],
  ['A concurrency that is no number', { maxConcurrency: Number.NaN }, /Received NaN/],
  [
    'A cron expression that is none',
    { trigger: { kind: 'cron', cron: 'daily', startMs: 0, endMs: 0 } },
    /not a supported format/,
  ],
  ['No interval', { trigger: interval(0) }, /at least 1 second. Received 0/],
  ['A start after the end', { trigger: interval(60, 2_000, 1_000) }, /start time of the trigger is after its end time/],
  ['A pipeline root without a store', { pipelineRoot: 'gs://bucket/runs' }, /pipeline root "gs:.*no store for gs:/],
  ['An argument the pipeline does not know', { given: { rate: 1, other: 2 } }, /do not fit the pipeline's inputs/],
  ['An argument that is missing', { given: {} }, /do not fit the pipeline's inputs/],
];

for (const [title, changes, message] of REFUSED) {
  test(`${title} is refused when a recurring run is made, and nothing is kept.`, async () => {
    await using given = await testApp();
    await assert.rejects(made(given.app, changes), { code: 'INVALID_ARGUMENTS', message });
    assert.deepEqual(await given.app.catalogue.enabledRecurringRuns(), []);
  });
}

test('Whoever starts runs is told when a recurring run is made, changed and deleted.', async () => {
  await using given = await testApp();
  let told = 0;
  const app: App = {
    ...given.app,
    recurringChanged: () => {
      told += 1;
    },
  };
  const { recurringRunId } = await made(app);
  await enableRecurringRun(app, recurringRunId, false);
  await deleteRecurringRun(app, recurringRunId);
  assert.equal(told, 3);
});

test('A recurring run that is enabled again keeps the time of its last change until it changes.', async () => {
  await using given = await testApp();
  const { recurringRunId, updatedAtMs } = await made(given.app);
  given.clock.advance(5_000);
  await enableRecurringRun(given.app, recurringRunId, true);
  assert.equal((await getRecurringRun(given.app, recurringRunId)).updatedAtMs, updatedAtMs);
  await enableRecurringRun(given.app, recurringRunId, false);
  const { isEnabled, updatedAtMs: changed } = await getRecurringRun(given.app, recurringRunId);
  assert.deepEqual([isEnabled, changed], [false, updatedAtMs + 5_000]);
});

test('A recurring run that is not there is told by its id.', async () => {
  await using given = await testApp();
  for (const ask of [getRecurringRun, deleteRecurringRun]) {
    await assert.rejects(ask(given.app, 'gone'), { code: 'NOT_FOUND', message: 'Job gone not found' });
  }
});
