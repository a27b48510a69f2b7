// Where a run's artifacts go, and what is said of a place nothing can be written to.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { ProductError } from '../../src/base/errors.ts';
import { choosePipelineRoot } from '../../src/engine/pipeline-root.ts';
import { readPipelineDocument } from '../../src/ir/read.ts';
import { openArtifacts } from '../../src/start-artifacts.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-root-'));
after(() => rm(dataDir, { recursive: true }));
const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', HOME: dataDir };
const ours = join(dataDir, 'artifacts');

const pipeline = (defaultPipelineRoot?: string) => {
  const spec = { ...stepPipeline({ steps: { only: { sh: 'true' } } }), ...(defaultPipelineRoot && { defaultPipelineRoot }) };
  const read = readPipelineDocument(JSON.stringify(spec));
  assert(read.document);
  return read.document;
};

const chosen = async (pipelineRoot: string, options: { environment?: Record<string, string>; default?: string } = {}) => {
  const { environment = { HOME: dataDir } } = options;
  const artifacts = await openArtifacts({ dataDir, clock: systemClock, environment });
  return await choosePipelineRoot(artifacts, { pipelineRoot, document: pipeline(options.default) });
};

test('the run says it before the pipeline, the pipeline before the server', async () => {
  assert.equal(await chosen(''), ours);
  assert.equal(await chosen('', { default: '/of/the/pipeline' }), '/of/the/pipeline');
  assert.equal(await chosen('/of/the/run/', { default: '/of/the/pipeline' }), '/of/the/run');
  assert.equal(await chosen('s3://bucket/runs', { environment: keys }), 's3://bucket/runs');
});

test('a root of the pipeline that there is no store for gives way to that of the server', async () => {
  assert.equal(await chosen('', { default: 'gs://bucket/of-the-author' }), ours);
  assert.equal(await chosen('', { default: 'https://host/folder' }), ours);
});

const REFUSED: readonly (readonly [root: string, message: RegExp, hint: RegExp])[] = [
  ['gs://bucket/x', /no store for gs:\/\/ \(nothing is configured for the bucket gs:\/\/bucket\)/, /providers\.gs/],
  ['minio://mlpipeline/v2', /no store for minio:\/\//, /AWS_ENDPOINT_URL/],
  ['s3://bucket', /no store for s3:\/\//, /AWS_ACCESS_KEY_ID/],
  ['hdfs://host/x', /no store for hdfs:\/\/ \(there is no such store\)/, /absolute path, or s3:\/\//],
  ['https://host/x', /https:\/\/ can only be read here/, /s3:\/\/bucket\/folder/],
  ['runs/today', /neither an absolute path nor a URI/, /write it as \/folder/],
];
for (const [root, message, hint] of REFUSED) {
  test(`a run with the pipeline root ${root} is refused with what to do`, async () => {
    await assert.rejects(chosen(root), (error) => {
      assert(error instanceof ProductError && error.code === 'INVALID_ARGUMENTS');
      assert.match(error.message, message);
      assert.match(error.hint!, hint);
      assert(error.hint!.endsWith(`leave the pipeline root out: artifacts then go to ${ours}`));
      return true;
    });
  });
}
