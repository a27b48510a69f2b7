import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRange } from './byte-range.ts';

const SIZE = 10;

for (const [header, expected] of [
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-5', { start: 2, end: 5 }],
  ['bytes=9-', { start: 9, end: 9 }],
  ['bytes=0-', { start: 0, end: 9 }],
  ['bytes=5-99', { start: 5, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-99', { start: 0, end: 9 }],
  [' bytes=1-2 ', { start: 1, end: 2 }],
  ['bytes=0-99999999999999999999999', { start: 0, end: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=10-20', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  [null, undefined],
  ['', undefined],
  ['bytes=', undefined],
  ['bytes=-', undefined],
  ['bytes=5-2', undefined],
  ['bytes=50-20', undefined],
  ['bytes=0-1,3-4', undefined],
  ['lines=0-1', undefined],
  ['bytes=a-b', undefined],
  ['bytes=1.5-2', undefined],
] as const) {
  test(`Of ten bytes, ${JSON.stringify(header)} asks for ${JSON.stringify(expected) ?? 'all'}.`, () => {
    assert.deepEqual(parseRange(header, SIZE), expected);
  });
}

for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) {
  test(`Of nothing, ${header} cannot be had.`, () => assert.equal(parseRange(header, 0), 'unsatisfiable'));
}
