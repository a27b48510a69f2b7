import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJsonText } from './json-text.ts';

const refused: readonly [what: string, text: string][] = [
  ['a duplicate key', '{"a": 1, "b": {"c": 1, "c": 2}}'],
  ['a duplicate key in another spelling', String.raw`{"a": 1, "\u0061" : 2}`],
  ['no JSON', '{a: 1}'],
  ['a scalar', '"x"'],
  ['deep nesting', '['.repeat(50) + ']'.repeat(50)],
  ['very deep nesting', '['.repeat(100_000) + ']'.repeat(100_000)],
];
for (const [what, text] of refused) {
  test(`${what} is left to others`, () => assert.equal(parseJsonText(text, 20), undefined));
}

test('colons, quotes and backslashes in strings do not matter', () => {
  const value = { 'a": {"b': ['": "', '\\', '\\"', ':', { ':': '\\\\":' }] };
  assert.deepEqual(parseJsonText(JSON.stringify(value, undefined, 1), 20), value);
});

test('any JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
      const text = JSON.stringify([value], undefined, indent);
      assert.deepEqual(parseJsonText(text, 1000), JSON.parse(text));
    }),
  );
});
