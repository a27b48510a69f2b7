import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { testApp } from '../../test/support/test-app.ts';
import type { App } from './app.ts';
import { pipelineInputs } from './pipeline-inputs.ts';
import { createPipeline, deletePipeline, getPipelineByName } from './pipelines.ts';
import { addSamples } from './samples.ts';

async function sampleFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-samples-'));
  const spec = stepPipeline({
    parameters: { table: { type: 'STRING' }, rate: { type: 'STRING', default: 'slow' } },
    steps: { only: { sh: 'true' } },
  });
  await writeFile(join(folder, 'train.yaml'), JSON.stringify(spec));
  const sample = { name: 'train', file: 'train.yaml', description: 'learns', files: { table: 'table.csv' } };
  await writeFile(join(folder, 'samples.json'), JSON.stringify([sample]));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const names = async ({ catalogue }: App) =>
  (await catalogue.listPipelines({ predicates: [], sort: { field: 'created_at_ms', descending: false }, limit: 10 })).rows.map(
    ({ name }) => name,
  );

test('A sample is there with its description, and finds the file that comes with it.', async () => {
  await using given = await testApp();
  await using samples = await sampleFolder();
  await addSamples(given.app, samples.folder);
  const pipeline = await getPipelineByName(given.app, 'train');
  assert.equal(pipeline.description, 'learns');
  const version = await given.app.catalogue.newestVersion(pipeline.pipelineId);
  const { parameters } = pipelineInputs(await given.app.documents.pipeline(version!.specDigest));
  assert.deepEqual(
    parameters.map(({ name, default: value, isOptional }) => [name, value, isOptional]),
    [
      ['rate', 'slow', true],
      ['table', join(samples.folder, 'table.csv'), true],
    ],
  );
});

test('A sample that was deleted does not come back.', async () => {
  await using given = await testApp();
  await using samples = await sampleFolder();
  await addSamples(given.app, samples.folder);
  const { pipelineId } = await getPipelineByName(given.app, 'train');
  await deletePipeline(given.app, pipelineId, { cascade: true });
  await addSamples(given.app, samples.folder);
  assert.deepEqual(await names(given.app), []);
});

test('A pipeline of the same name stays what it is.', async () => {
  await using given = await testApp();
  await using samples = await sampleFolder();
  const { pipelineId } = await createPipeline(given.app, { name: 'train' });
  await addSamples(given.app, samples.folder);
  assert.equal((await getPipelineByName(given.app, 'train')).pipelineId, pipelineId);
});

test('Samples that could not be read are added at the next start.', async () => {
  await using given = await testApp();
  await using samples = await sampleFolder();
  await assert.rejects(addSamples(given.app, join(samples.folder, 'nowhere')), { code: 'ENOENT' });
  await addSamples(given.app, samples.folder);
  assert.deepEqual(await names(given.app), ['train']);
});
