import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp } from '../../test/support/test-app.ts';
import type { Predicate } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { createExperiment } from './experiments.ts';
import { createPipeline } from './pipelines.ts';
import { createRun } from './runs.ts';
import { search } from './search.ts';

const spec = stepPipeline({ name: 'fruit', steps: { only: { sh: 'true' } } });

async function ran(app: App, displayName: string, namespace?: string): Promise<string> {
  const experimentId =
    namespace === undefined ? undefined : (await createExperiment(app, { name: `of ${displayName}`, namespace })).experimentId;
  const { run } = await createRun(app, { displayName, experimentId, source: inline(spec), parameters: () => ({}) });
  return run.runId;
}

const found = async (app: App, text: string, within: () => readonly Predicate[] = () => []) =>
  (await search(app, { text, limit: 10, within })).map(({ kind, title }) => [kind, title]);

test('Things of every kind are found by a part of their name, in any case.', async () => {
  await using given = await testApp();
  await createPipeline(given.app, { name: 'Apple pie' });
  await createExperiment(given.app, { name: 'pineapples' });
  await ran(given.app, 'apple');
  await ran(given.app, 'pear');
  assert.deepEqual(await found(given.app, 'APPLE'), [
    ['pipeline', 'Apple pie'],
    ['run', 'apple'],
    ['experiment', 'pineapples'],
  ]);
});

test('A run is found by its id, once.', async () => {
  await using given = await testApp();
  const runId = await ran(given.app, 'apple');
  assert.deepEqual(await found(given.app, runId), [['run', 'apple']]);
  assert.deepEqual(await found(given.app, runId.replace(/.$/, 'f')), []);
});

test('A run of a namespace the caller does not see is not found, by its id neither.', async () => {
  await using given = await testApp();
  const runId = await ran(given.app, 'apple', 'theirs');
  const ours = () => [{ field: 'namespace', operation: 'eq', values: ['ours'] } as const];
  assert.deepEqual(await found(given.app, 'apple', ours), []);
  assert.deepEqual(await found(given.app, runId, ours), []);
  assert.deepEqual(await found(given.app, runId), [['run', 'apple']]);
});

test('Of each kind, so many of the newest are found as are asked for.', async () => {
  await using given = await testApp();
  for (const name of ['a1', 'a2', 'a3']) {
    given.clock.advance(1000);
    await createExperiment(given.app, { name });
    await createPipeline(given.app, { name });
  }
  const hits = await search(given.app, { text: '', limit: 2, within: () => [] });
  assert.deepEqual(
    hits.map(({ kind, title }) => `${kind} ${title}`),
    ['pipeline a3', 'pipeline a2', 'experiment a3', 'experiment a2'],
  );
});
