import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batch, task } from '../../test/contract/store-fixtures.ts';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp, type TestApp } from '../../test/support/test-app.ts';
import type { JsonObject } from '../base/json.ts';
import { compareRuns } from './compare-runs.ts';
import { reportMetrics } from './report-metrics.ts';
import { createRun } from './runs.ts';

const spec = stepPipeline({
  parameters: { rate: { type: 'NUMBER_DOUBLE', default: 0.1 }, layers: { type: 'LIST', default: [1, 2] } },
  steps: { fit: { sh: 'true', cached: false } },
});

async function ran({ app }: TestApp, parameters: JsonObject = {}): Promise<string> {
  const { run } = await createRun(app, { displayName: 'r', source: inline(spec), parameters: () => parameters });
  await app.engine.wait(run.runId);
  await app.engine.settled();
  return run.runId;
}

test('Parameters are compared as the runs saw them, with what differs first.', async () => {
  await using given = await testApp();
  const runs = [await ran(given), await ran(given, { layers: [1, 2] }), await ran(given, { layers: [1, 3], rate: 0.1 })];
  const { parameters } = await compareRuns(given.app, runs);
  assert.deepEqual(parameters, [
    {
      name: 'layers',
      values: [
        [1, 2],
        [1, 2],
        [1, 3],
      ],
      isDifferent: true,
    },
    { name: 'rate', values: [0.1, 0.1, 0.1], isDifferent: false },
  ]);
});

test('Metrics are those of artifacts and those that were reported; a run without one has null.', async () => {
  await using given = await testApp();
  const runs = [await ran(given), await ran(given)] as const;
  const metrics = {
    id: 'm',
    name: 'm',
    uri: 'u',
    type: { schemaTitle: 'system.Metrics' },
    metadata: { accuracy: 0.9, note: 'x' },
  };
  await given.app.store.commit(
    batch({
      tasks: [
        task(runs[0], 7, { path: '/eval', outputs: { parameters: {}, artifacts: { scores: [metrics] } } }),
        // What a group hands through was counted where it was made.
        task(runs[0], 8, { path: '/group', kind: 'dag', outputs: { parameters: {}, artifacts: { scores: [metrics] } } }),
      ],
    }),
  );
  await reportMetrics(given.app, runs[1], [{ name: 'loss', nodeId: 'fit', value: 2, format: 'RAW' }]);
  assert.deepEqual((await compareRuns(given.app, runs)).metrics, [
    { name: 'eval.scores.accuracy', values: [0.9, null], isDifferent: true },
    { name: 'fit.loss', values: [null, 2], isDifferent: true },
  ]);
});

test('Tasks are compared by their paths, without the root; one that a run does not have makes a difference.', async () => {
  await using given = await testApp();
  const runs = [await ran(given), await ran(given)] as const;
  await given.app.store.commit(batch({ tasks: [task(runs[1], 7, { path: '/extra', state: 'SUCCEEDED' })] }));
  const { tasks } = await compareRuns(given.app, runs);
  assert.deepEqual(
    tasks.map((row) => [row.path, row.tasks.map((found) => found?.state), row.isDifferent]),
    [
      ['/extra', [undefined, 'SUCCEEDED'], true],
      ['/fit', ['SUCCEEDED', 'SUCCEEDED'], false],
    ],
  );
});

for (const count of [0, 1, 11]) {
  test(`${count} runs cannot be compared.`, async () => {
    await using given = await testApp();
    const ids = Array.from({ length: count }, (_, index) => `r${index}`);
    const message = new RegExp(`2 to 10 runs can be compared, not ${count}`);
    await assert.rejects(compareRuns(given.app, ids), { code: 'INVALID_ARGUMENTS', message });
  });
}

test('A run that is not there is told by its id.', async () => {
  await using given = await testApp();
  await assert.rejects(compareRuns(given.app, [await ran(given), 'gone']), { code: 'NOT_FOUND', message: /gone/ });
});
