import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePythonBoolean, parsePythonFloat, parsePythonInteger, pythonFloatText, pythonJson } from './python-text.ts';

describe('floats are written as Python writes them', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [-2.5, '-2.5'],
    [0.1, '0.1'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [123456789.125, '123456789.125'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e300, '1.5e+300'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ];
  for (const [value, expected] of rows) it(expected, () => assert.equal(pythonFloatText(value), expected));
});

describe('JSON is written as json.dumps writes it', () => {
  const rows: readonly (readonly [value: unknown, expected: string])[] = [
    [{ b: [1, 2.5, null], a: { é: true } }, '{"a": {"\\u00e9": true}, "b": [1, 2.5, null]}'],
    ['😀\n"', '"\\ud83d\\ude00\\n\\""'],
    [[], '[]'],
    [{}, '{}'],
    [1e20, '1e+20'],
    [10n ** 20n, '100000000000000000000'],
    [{ gone: undefined, kept: 1 }, '{"kept": 1}'],
  ];
  for (const [value, expected] of rows) it(expected, () => assert.equal(pythonJson(value, { sortKeys: true }), expected));

  it('keys keep their order unless sorting is asked for', () => {
    assert.equal(pythonJson({ b: 1, a: 2 }, { sortKeys: false }), '{"b": 1, "a": 2}');
  });
});

describe('text is read as Python reads it', () => {
  it('whole numbers', () => {
    assert.deepEqual([' 7 ', '-1_000', '+0', '5.0', '', '1__0', '0x10'].map(parsePythonInteger), [
      7n,
      -1000n,
      0n,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('floats', () => {
    assert.deepEqual([' 7 ', '.5', '5.', '1e3', '-inf', '1_0.5', '', 'x', '0x10'].map(parsePythonFloat), [
      7,
      0.5,
      5,
      1000,
      Number.NEGATIVE_INFINITY,
      10.5,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('words for true and false', () => {
    assert.deepEqual(['Yes', 'T', '1', 'OFF', 'n', 'maybe', ''].map(parsePythonBoolean), [
      true,
      true,
      true,
      false,
      false,
      undefined,
      undefined,
    ]);
  });
});
