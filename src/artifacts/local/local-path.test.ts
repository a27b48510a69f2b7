import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../../base/errors.ts';
import { isLocalUri, localPathOf } from './local-path.ts';

const paths: readonly [string, string][] = [
  ['/data/model', '/data/model'],
  ['/data/model/', '/data/model'],
  ['/data//a/./b', '/data/a/b'],
  ['/', '/'],
  ['/data/100%25 #1?.csv', '/data/100%25 #1?.csv'],
  ['/data/..hidden/a..b/...', '/data/..hidden/a..b/...'],
  ['file:///data/model', '/data/model'],
  ['FILE:///data/model/', '/data/model'],
  ['file://localhost/data', '/data'],
  ['file:///with%20space/%E8%AA%9E/100%25%3F', '/with space/語/100%?'],
];

for (const [uri, path] of paths) {
  test(`The URI ${uri} is the path ${path}.`, () => {
    assert.ok(isLocalUri(uri));
    assert.equal(localPathOf(uri), path);
  });
}

const refusals: readonly [string, RegExp][] = [
  ['/data/../etc/passwd', /"\.\."/],
  ['/..', /"\.\."/],
  ['/data/a\0b', /NUL/],
  ['file:///data/%2e%2E/etc', /"\.\."/],
  ['file:///data/..%2fetc', /"\.\."/],
  ['file:///data/%00', /NUL/],
  ['file:///data/%zz', /percent-encoding/],
  ['file:///data/a#b', /fragment/],
  ['file://server/share', /host server/],
  ['file://', /no path/],
  ['s3://bucket/key', /not on this machine/],
  ['relative/path', /not on this machine/],
  ['', /not on this machine/],
];

for (const [uri, why] of refusals) {
  test(`The URI ${JSON.stringify(uri)} is refused.`, () => {
    assert.throws(
      () => localPathOf(uri),
      (error) => error instanceof ProductError && error.code === 'INVALID_ARGUMENTS' && why.test(error.message),
    );
  });
}
