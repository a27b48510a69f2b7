import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectUri, shownUri } from './object-path.ts';

const ROOT = '/data/artifacts';

for (const [uri, shown] of [
  [`${ROOT}/train/r1/model`, 'minio://mlpipeline/train/r1/model'],
  [`${ROOT}`, ROOT],
  [`${ROOT}-other/a`, `${ROOT}-other/a`],
  ['gs://bucket/a', 'gs://bucket/a'],
] as const) {
  test(`${uri} is shown as ${shown}.`, () => assert.equal(shownUri(uri, ROOT), shown));
}

for (const [source, bucket, key, uri] of [
  ['minio', 'mlpipeline', 'train/r1/model', `${ROOT}/train/r1/model`],
  ['minio', 'other', 'a', 'minio://other/a'],
  ['s3', 'mlpipeline', 'a/b', 's3://mlpipeline/a/b'],
  ['gcs', 'bucket', 'a', 'gs://bucket/a'],
  ['https', 'example.org', 'a/b', 'https://example.org/a/b'],
  ['minio', 'mlpipeline', 'a..b/...', `${ROOT}/a..b/...`],
] as const) {
  test(`${source}, ${bucket} and ${key} are ${uri}.`, () => assert.equal(objectUri(source, bucket, key, ROOT), uri));
}

for (const [source, bucket, key, message] of [
  ['minio', 'mlpipeline', '', /key is missing or no path/],
  ['minio', '', 'a', /key is missing/],
  ['minio', 'mlpipeline', '../secret', /no path within its bucket/],
  ['minio', 'mlpipeline', 'a/../../secret', /no path/],
  ['minio', 'mlpipeline', './a', /no path/],
  ['minio', 'mlpipeline', '/etc/hosts', /no path/],
  ['minio', 'mlpipeline', 'a\\..\\b', /no path/],
  ['minio', 'mlpipeline', 'a\0b', /no path/],
  ['file', 'etc', 'hosts', /source "file" is not known/],
  ['volume', 'etc', 'hosts', /source "volume" is not known/],
  ['constructor', 'a', 'b', /source "constructor" is not known/],
] as const) {
  test(`The object ${JSON.stringify([source, bucket, key])} is refused.`, () => {
    assert.throws(() => objectUri(source, bucket, key, ROOT), { code: 'INVALID_ARGUMENTS', message });
  });
}
