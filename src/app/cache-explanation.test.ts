import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp, type TestApp } from '../../test/support/test-app.ts';
import type { JsonObject } from '../base/json.ts';
import { explainCache } from './cache-explanation.ts';
import { createExperiment } from './experiments.ts';
import { createRun } from './runs.ts';
import { getTask } from './tasks.ts';

const pipeline = ({ sh = 'true', cached = true } = {}): JsonObject =>
  stepPipeline({
    name: 'train',
    parameters: { rate: { type: 'STRING', default: 'slow' } },
    steps: { fit: { sh, cached, inputs: { rate: 'root:rate' }, outputs: ['model'] } },
  });

interface Wanted {
  readonly spec?: JsonObject;
  readonly rate?: string;
  readonly namespace?: string;
  readonly useCache?: boolean;
}

async function ran({ app, clock }: TestApp, { spec = pipeline(), rate, namespace, useCache = true }: Wanted = {}) {
  clock.advance(5_000);
  const experimentId =
    namespace === undefined
      ? undefined
      : (await createExperiment(app, { name: `${namespace} ${clock.now()}`, namespace })).experimentId;
  const parameters = () => (rate === undefined ? {} : { rate });
  const { run } = await createRun(app, { displayName: 'r', experimentId, source: inline(spec), parameters, useCache });
  await app.engine.wait(run.runId);
  await app.engine.settled();
  return await getTask(app, run.runId, '/fit');
}

test('A hit names the step whose outputs were taken over.', async () => {
  await using given = await testApp();
  const first = await ran(given);
  const explanation = await explainCache(given.app, await ran(given));
  assert.deepEqual([explanation.result, explanation.from], ['HIT', `${first.runId}.${first.task}`]);
});

test('The first execution is a miss without differences.', async () => {
  await using given = await testApp();
  const { result, differences } = await explainCache(given.app, await ran(given));
  assert.deepEqual([result, differences], ['MISS', []]);
});

test('A miss says which inputs differ from those of the last execution.', async () => {
  await using given = await testApp();
  await ran(given, { rate: 'slow' });
  await ran(given, { rate: 'medium' });
  const { result, differences } = await explainCache(given.app, await ran(given, { rate: 'fast' }));
  assert.equal(result, 'MISS');
  assert.deepEqual(differences, [{ what: 'rate', before: 'medium', now: 'fast' }]);
});

test('A miss of an equal input is not put down to inputs.', async () => {
  await using given = await testApp();
  await ran(given);
  const { result, differences } = await explainCache(given.app, await ran(given, { spec: pipeline({ sh: 'echo other' }) }));
  assert.deepEqual([result, differences], ['MISS', []]);
});

test('A step that does not use the cache says that it is off.', async () => {
  await using given = await testApp();
  await ran(given);
  assert.equal((await explainCache(given.app, await ran(given, { spec: pipeline({ cached: false }) }))).result, 'OFF');
  assert.equal((await explainCache(given.app, await ran(given, { useCache: false }))).result, 'OFF');
});

test('What ran in another namespace is not compared with.', async () => {
  await using given = await testApp();
  await ran(given, { rate: 'secret', namespace: 'theirs' });
  const { result, differences } = await explainCache(given.app, await ran(given, { rate: 'fast', namespace: 'ours' }));
  assert.deepEqual([result, differences], ['MISS', []]);
});
