/** Which store a platform keeps artifacts in, by its settings. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { ProductError } from '../../src/base/errors.ts';
import { openSecretStore } from '../../src/executors/local-secrets.ts';
import { openArtifacts } from '../../src/start-artifacts.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-stores-'));
after(() => rm(dataDir, { recursive: true }));
const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };

const open = (artifacts?: string, environment: Readonly<Record<string, string>> = {}) =>
  openArtifacts({
    dataDir,
    clock: systemClock,
    environment: { HOME: dataDir, ...environment },
    ...(artifacts === undefined ? {} : { artifacts }),
  });
const usage = (pattern: RegExp) => (error: unknown) =>
  error instanceof ProductError && error.code === 'INVALID_USAGE' && pattern.test(`${error.message} ${error.hint}`);

test('artifacts are kept in the data folder, in another folder or in a bucket.', async () => {
  const rows: readonly [string | undefined, string][] = [
    [undefined, join(dataDir, 'artifacts')],
    ['/mnt/artifacts/', '/mnt/artifacts'],
    ['file:///mnt/a%20b', '/mnt/a b'],
    ['here', join(process.cwd(), 'here')],
    ['s3://bucket/root/?region=eu-west-3', 's3://bucket/root'],
  ];
  for (const [setting, root] of rows) assert.equal((await open(setting, KEYS)).defaultPipelineRoot, root, setting);
});

test('each URI goes to its store, and one that nothing is configured for to none.', async () => {
  const artifacts = await open();
  const rows: readonly [string, boolean][] = [
    ['/a/b', true],
    ['file:///a', true],
    ['https://example.org/a', true],
    ['s3://bucket/a', false],
    ['gs://bucket/a', false],
    ['oci://registry/model:1', false],
  ];
  for (const [uri, handled] of rows) assert.equal(artifacts.handles(uri), handled, uri);
  assert.equal((await open(undefined, KEYS)).handles('s3://bucket/a'), true);
  await assert.rejects(artifacts.read('s3://bucket/a'), /nothing is configured for the bucket s3:\/\/bucket/);
  await assert.rejects(artifacts.read('oci://registry/model'), /cannot be used/);
});

test('a place that cannot be written to is refused when the platform starts.', async () => {
  await assert.rejects(open('ftp://host/folder'), usage(/s3:\/\/bucket\/prefix/));
  await assert.rejects(open('minio://bucket/root', KEYS), usage(/AWS_ENDPOINT_URL/));
  await assert.rejects(open('s3://bucket/root?nonsense=1'), usage(/"nonsense" is not known/));
});

test('the ConfigMap kfp-launcher names the root where no setting does.', async () => {
  const secrets = openSecretStore(dataDir);
  const providers = 'minio: {default: {endpoint: "127.0.0.1:9000", disableSSL: true, credentials: {fromEnv: true}}}';
  await secrets.create('configmap', 'kfp-launcher', { providers, defaultPipelineRoot: 'minio://mlpipeline/v2/artifacts' });
  assert.equal((await open()).defaultPipelineRoot, 'minio://mlpipeline/v2/artifacts');
  assert.equal((await open('/mnt/artifacts')).defaultPipelineRoot, '/mnt/artifacts');
  await secrets.create('configmap', 'kfp-launcher', { defaultPipelineRoot: 'minio://mlpipeline/v2/artifacts' });
  await assert.rejects(open(), usage(/no endpoint or credentials/));
  await secrets.remove('configmap', 'kfp-launcher');
});
