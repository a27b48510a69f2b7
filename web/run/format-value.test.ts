import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatValue } from './format-value.ts';

const ROWS: readonly [value: unknown, text: string][] = [
  ['as it is, with "quotes"', 'as it is, with "quotes"'],
  [0.5, '0.5'],
  [null, 'null'],
  [{ a: 1, b: ['x,y', 2] }, '{"a": 1, "b": ["x,y", 2]}'],
  [
    {
      matrix: [
        [37, 1, 0],
        [1, 16, 0],
      ],
      name: 'a name that makes this one too long for a single line',
    },
    '{\n  "matrix": [[37, 1, 0], [1, 16, 0]],\n  "name": "a name that makes this one too long for a single line"\n}',
  ],
];
for (const [value, text] of ROWS)
  test(`${JSON.stringify(value)} is written for people`, () => assert.equal(formatValue(value), text));
