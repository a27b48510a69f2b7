import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../base/json.ts';
import { decodeMessage } from './decode-message.ts';
import type { Schemas } from './message.ts';
import { parseBody } from './parse-body.ts';

const MESSAGES = {
  Thing: {
    text: 'string',
    is_on: 'bool',
    count: 'int32',
    big_count: 'int64',
    ratio: 'double',
    made_at: 'timestamp',
    spec: 'struct',
    any: 'value',
    state: 'State',
    part: 'Thing',
    parts: 'Thing[]',
    tags: 'map<string>',
    values: 'map<value>',
  },
  State: ['NONE', 'OPEN', null, 'SHUT'],
} as const satisfies Schemas;

const good: readonly [string, JsonValue, object][] = [
  ['names in either spelling', { is_on: true, bigCount: 3 }, { is_on: true, big_count: 3 }],
  ['int64 as text', { big_count: '9007199254740990' }, { big_count: 9007199254740990 }],
  ['int64 as number', { big_count: 5 }, { big_count: 5 }],
  ['null as not set', { text: null, part: null, parts: null }, {}],
  ['null inside values as itself', { any: null, values: { a: null } }, { any: null, values: { a: null } }],
  ['enums by name', { state: 'SHUT' }, { state: 'SHUT' }],
  ['enums by number', { state: 3 }, { state: 'SHUT' }],
  ['an unknown number of an enum as its zero', { state: 2 }, { state: 'NONE' }],
  ['times with fractions and zones', { made_at: '2026-01-02T03:04:05.250+01:00' }, { made_at: 1767319445250 }],
  ['numbers as text', { ratio: '1.5', count: '7' }, { ratio: 1.5, count: 7 }],
  ['nested messages', { parts: [{ part: { text: 'x' } }] }, { parts: [{ part: { text: 'x' } }] }],
  ['a struct as it is', { spec: { fooBar: [null, 1] } }, { spec: { fooBar: [null, 1] } }],
];

for (const [what, json, message] of good) {
  test(`A message is read with ${what}.`, () => assert.deepEqual(decodeMessage(MESSAGES, 'Thing', json), message));
}

const bad: readonly [string, JsonValue, RegExp][] = [
  ['unknown fields', { nope: 1 }, /unknown field "nope"/],
  ['names inherited from Object', { toString: 1, constructor: 2 }, /unknown field "toString"/],
  ['a field given twice', { is_on: true, isOn: true }, /duplicate field "isOn"/],
  ['text for a flag', { is_on: 'true' }, /invalid value for bool field is_on/],
  ['a fraction for an integer', { count: 1.5 }, /invalid value for int32 field count: 1.5/],
  ['an integer that is too large', { count: 2 ** 31 }, /int32/],
  ['an unknown name of an enum', { state: 'AJAR' }, /invalid value for enum field state: "AJAR"/],
  ['a time without a zone', { made_at: '2026-01-02T03:04:05' }, /Timestamp/],
  ['a list for a message', { part: [] }, /an object is needed/],
  ['a list for a struct', { spec: [] }, /Struct/],
];

for (const [what, json, message] of bad) {
  test(`A message is refused for ${what}.`, () => {
    assert.throws(() => decodeMessage(MESSAGES, 'Thing', json), { name: 'DecodeError', message });
  });
}

test('A body is refused with the place of what is wrong, and an empty one is an empty message.', () => {
  assert.deepEqual(parseBody(MESSAGES, 'Thing', ' '), {});
  const check = (text: string, message: RegExp) => {
    assert.throws(() => parseBody(MESSAGES, 'Thing', text), { name: 'ProductError', code: 'INVALID_USAGE', message });
  };
  check('{"x":1}', /^proto: \(line 1:2\): unknown field "x"$/);
  check('{"text":"a",\n  "y":1}', /^proto: \(line 2:3\): unknown field "y"$/);
  check('{"text":', /^proto: syntax error/);
  check('['.repeat(100_000), /nests too deep/);
});
