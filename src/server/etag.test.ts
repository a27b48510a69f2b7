import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKnown } from './etag.ts';

for (const [header, expected] of [
  [undefined, false],
  ['', false],
  ['"a"', true],
  ['"b"', false],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['"b",W/"a"', true],
  ['*', true],
  ['a', false],
] as const) {
  test(`With If-None-Match ${header ?? 'absent'}, "a" is ${expected ? '' : 'not '}known.`, () => {
    assert.equal(isKnown(header, '"a"'), expected);
  });
}
