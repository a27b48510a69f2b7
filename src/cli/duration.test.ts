import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration } from './duration.ts';

const rows: readonly (readonly [number, string])[] = [
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [3_599_700, '1 h 00 min'],
  [4_020_000, '1 h 07 min'],
];
for (const [durationMs, expected] of rows) {
  test(`${durationMs} ms reads ${expected}`, () => assert.equal(formatDuration(durationMs), expected));
}
