import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp } from '../../test/support/test-app.ts';
import { readPipeline } from '../ir/read.ts';
import { resolveSource, typedArguments } from './pipeline-source.ts';
import { createPipeline } from './pipelines.ts';
import { uploadPipeline, uploadVersion } from './upload-pipeline.ts';

const spec = stepPipeline({
  parameters: {
    text: { type: 'STRING' },
    count: { type: 'NUMBER_INTEGER' },
    rate: { type: 'NUMBER_DOUBLE' },
    dry: { type: 'BOOLEAN' },
    rows: { type: 'LIST' },
    options: { type: 'STRUCT' },
  },
  steps: { only: { sh: 'true' } },
});
const document = readPipeline(JSON.stringify(spec));
const content = Buffer.from(JSON.stringify(spec));

for (const [name, value, expected] of [
  ['text', '7', '7'],
  ['text', '', ''],
  ['text', 'at [[ScheduledTime]]', 'at [[ScheduledTime]]'],
  ['count', '7', 7],
  ['rate', '0.5', 0.5],
  ['dry', 'true', true],
  ['rows', '[1, "a"]', [1, 'a']],
  ['rows', '[[1, 2], [3]]', [[1, 2], [3]]],
  ['options', '{"a": [[1]]}', { a: [[1]] }],
  ['count', '[[Index]]', '[[Index]]'],
] as const) {
  test(`The text ${JSON.stringify(value)} for ${name} is ${JSON.stringify(expected)}.`, () => {
    assert.deepEqual(typedArguments(document, [{ name, value }]), { [name]: expected });
  });
}

for (const [name, value, message] of [
  ['count', 'seven', /parameter count: /],
  ['rows', '{}', /parameter rows: /],
  ['unknown', '1', /Unrecognized input parameter: unknown/],
  ['constructor', '1', /Unrecognized input parameter: constructor/],
] as const) {
  test(`The text ${JSON.stringify(value)} for ${name} is refused.`, () => {
    assert.throws(() => typedArguments(document, [{ name, value }]), { code: 'INVALID_ARGUMENTS', message });
  });
}

test('Without a version, the newest of the pipeline is taken.', async () => {
  await using given = await testApp();
  const { pipeline } = await uploadPipeline(given.app, { name: 'p', content, fileName: 'p.yaml' });
  given.clock.advance(1_000);
  const { pipelineId } = pipeline;
  const newer = await uploadVersion(given.app, { name: 'p2', content, fileName: 'p.yaml', pipelineId });
  const found = await resolveSource(given.app, { kind: 'version', pipelineId, pipelineVersionId: '' });
  assert.deepEqual([found.pipelineId, found.pipelineVersionId], [pipelineId, newer.pipelineVersionId]);
});

test('A pipeline without a version cannot be run, and is called by its name.', async () => {
  await using given = await testApp();
  const { pipelineId } = await createPipeline(given.app, { name: 'empty' });
  const found = resolveSource(given.app, { kind: 'version', pipelineId, pipelineVersionId: '' });
  await assert.rejects(found, { code: 'NOT_FOUND', message: /the pipeline empty has no version/ });
});

test('A spec is kept as it came; one that is no pipeline is refused with what is wrong.', async () => {
  await using given = await testApp();
  const { inlineSpecDigest, pipelineId } = await resolveSource(given.app, inline(spec));
  assert.equal(await given.app.documents.text(inlineSpecDigest!), JSON.stringify(spec));
  assert.equal(pipelineId, null);
  await assert.rejects(resolveSource(given.app, inline({ pipelineInfo: { name: 'p' } })), { code: 'INVALID_PIPELINE' });
});

test('An Argo Workflow is refused with what to do instead.', async () => {
  await using given = await testApp();
  const workflow = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { generateName: 'w-' }, spec: {} };
  await assert.rejects(resolveSource(given.app, inline(workflow)), {
    code: 'UNSUPPORTED',
    hint: /compile the pipeline with kfp 2/,
  });
});
