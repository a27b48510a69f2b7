import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { testApp } from '../../test/support/test-app.ts';
import type { App } from './app.ts';
import { chooseDefaultVersion, defaultVersion, updateVersion } from './pipeline-versions.ts';
import { createPipeline, deletePipeline, getPipeline, updatePipeline } from './pipelines.ts';
import { uploadPipeline, uploadVersion } from './upload-pipeline.ts';

const content = Buffer.from(JSON.stringify(stepPipeline({ steps: { only: { sh: 'true' } } })));
const file = { content, fileName: 'p.yaml' };

async function uploaded(app: App) {
  const { pipeline, version } = await uploadPipeline(app, { ...file, name: 'p' });
  return { pipelineId: pipeline.pipelineId, version };
}

for (const [title, given, names] of [
  ['its name', { name: 'a', displayName: 'b' }, ['a', 'b']],
  ['its name alone', { name: 'a' }, ['a', 'a']],
  ['its display name alone', { displayName: 'b' }, ['b', 'b']],
  ['nothing but the file', {}, ['p.yaml', 'p.yaml']],
] as const) {
  test(`A pipeline that is uploaded with ${title} has both names, and so has its version.`, async () => {
    await using used = await testApp();
    const { pipeline, version } = await uploadPipeline(used.app, { ...file, ...given });
    assert.deepEqual([pipeline.name, pipeline.displayName], names);
    assert.deepEqual([version.name, version.displayName], names);
  });
}

test('What is absent or empty stays as it is; tags are replaced as a whole.', async () => {
  await using given = await testApp();
  const made = await createPipeline(given.app, { name: 'p', description: 'old', tags: { a: '1' } });
  const { pipelineId } = made;
  await updatePipeline(given.app, pipelineId, { displayName: '', description: undefined });
  assert.deepEqual(await getPipeline(given.app, pipelineId), made);
  const { tags, description } = await updatePipeline(given.app, pipelineId, { tags: {}, description: 'new' });
  assert.deepEqual([tags, description], [{}, 'new']);
});

test('Changes of a pipeline at once are all kept.', async () => {
  await using given = await testApp();
  const { pipelineId, version } = await uploaded(given.app);
  await Promise.all([
    updatePipeline(given.app, pipelineId, { description: 'told' }),
    updatePipeline(given.app, pipelineId, { displayName: 'shown' }),
    chooseDefaultVersion(given.app, pipelineId, version.pipelineVersionId),
    updatePipeline(given.app, pipelineId, { tags: { team: 'a' } }),
  ]);
  const { description, displayName, tags, defaultVersionId } = await getPipeline(given.app, pipelineId);
  assert.deepEqual([description, displayName, tags], ['told', 'shown', { team: 'a' }]);
  assert.equal(defaultVersionId, version.pipelineVersionId);
});

test('Changes of a version at once are all kept.', async () => {
  await using given = await testApp();
  const { version } = await uploaded(given.app);
  await Promise.all([
    updateVersion(given.app, version, { description: 'told' }),
    updateVersion(given.app, version, { displayName: 'shown' }),
  ]);
  const row = await given.app.catalogue.getVersion(version.pipelineVersionId);
  assert.deepEqual([row?.description, row?.displayName], ['told', 'shown']);
});

test('The newest version is the default one; one that was chosen is it until the next upload.', async () => {
  await using given = await testApp();
  const { pipelineId, version: first } = await uploaded(given.app);
  const current = async () => (await defaultVersion(given.app, await getPipeline(given.app, pipelineId)))?.name;
  given.clock.advance(1_000);
  await uploadVersion(given.app, { ...file, pipelineId, name: 'second' });
  assert.equal(await current(), 'second');
  await chooseDefaultVersion(given.app, pipelineId, first.pipelineVersionId);
  assert.equal(await current(), 'p');
  given.clock.advance(1_000);
  await uploadVersion(given.app, { ...file, pipelineId, name: 'third' });
  assert.equal(await current(), 'third');
});

test('A version is not left behind by a pipeline that is deleted while it is uploaded.', async () => {
  await using given = await testApp();
  const { pipelineId } = await uploaded(given.app);
  const [version] = await Promise.allSettled([
    uploadVersion(given.app, { ...file, pipelineId, name: 'second' }),
    deletePipeline(given.app, pipelineId, { cascade: true }),
  ]);
  const { rows } = await given.app.catalogue.listVersions({
    predicates: [],
    sort: { field: 'created_at_ms', descending: false },
    limit: 10,
  });
  assert.deepEqual([version.status, rows], ['rejected', []]);
});

test('A pipeline with versions is deleted only together with them.', async () => {
  await using given = await testApp();
  const { pipelineId } = await uploaded(given.app);
  const refused = { code: 'INVALID_ARGUMENTS', message: /has existing pipeline versions. Set cascade=true/ };
  await assert.rejects(deletePipeline(given.app, pipelineId, { cascade: false }), refused);
  await deletePipeline(given.app, pipelineId, { cascade: true });
  await assert.rejects(getPipeline(given.app, pipelineId), { code: 'NOT_FOUND' });
});

test('A version without a pipeline is told what is missing.', async () => {
  await using given = await testApp();
  await assert.rejects(uploadVersion(given.app, { ...file, pipelineId: '' }), { message: /pipelineid is missing/ });
  await assert.rejects(uploadVersion(given.app, { ...file, pipelineId: 'gone' }), { code: 'NOT_FOUND', message: /gone/ });
});
