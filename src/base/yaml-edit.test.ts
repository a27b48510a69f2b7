import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertYamlScalar, replaceYamlScalars } from './yaml-edit.ts';

const atImage =
  (value: string) =>
  (path: readonly string[]): string | undefined =>
    path.join('.') === 'a.image' ? value : undefined;

test('the value at a path is replaced, and no other character', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['a: # why\n  image: one # two\n', 'a: # why\n  image: NEW # two\n'],
    ["a:\n    'image' : 'one'   # c\n", "a:\n    'image' : 'NEW'   # c\n"],
    ['a: {b: c, "image": "one"}\n', 'a: {b: c, "image": "NEW"}\n'],
    ['{"a":{"image":"one","b":1}}', '{"a":{"image":"NEW","b":1}}'],
    ['a:\n  image: &here one\nb: *here\n', 'a:\n  image: &here NEW\nb: *here\n'],
    ['b: &here one\na:\n  image: *here # c\n', 'b: &here one\na:\n  image: NEW # c\n'],
    ['a:\n  image: >-\n    one\n  b: c\n', 'a:\n  image: NEW\n  b: c\n'],
    ['a:\n  image: !!str one\n', 'a:\n  image: !!str NEW\n'],
    ['a:\n  image:\n  b: c\n', 'a:\n  image: NEW\n  b: c\n'],
    ['a:\n  image:   # none yet\n  b: c\n', 'a:\n  image: NEW   # none yet\n  b: c\n'],
    ['a: {image: , b: c}\n', 'a: {image: NEW , b: c}\n'],
    ["a:\n  image: ''\r\n  b: c\r\n", "a:\n  image: 'NEW'\r\n  b: c\r\n"],
    ['--- # first\na:\n  image: one\n---\na:\n  image: two\n', '--- # first\na:\n  image: NEW\n---\na:\n  image: two\n'],
    ['args: |\n  a:\n    image: one\na:\n  image: one\n', 'args: |\n  a:\n    image: one\na:\n  image: NEW\n'],
    ['image: one\nb:\n- a:\n    image: one\n', 'image: one\nb:\n- a:\n    image: one\n'],
  ];
  for (const [text, expected] of rows) assert.equal(replaceYamlScalars(text, atImage('NEW')), expected, text);
});

test('what is there already is told with its path', () => {
  const seen: string[] = [];
  replaceYamlScalars('a: [1, {b: two}]\nc: *x\n'.replace('a:', 'a: &x'), (path, value) => {
    seen.push(`${path.join('/')}=${value}`);
    return undefined;
  });
  assert.deepEqual(seen.sort(), ['a/0=1', 'a/1/b=two', 'c=undefined']);
});

test('a member is put before the others of its map', () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['a:\n  # first\n  b: c\n  d: e\n', 'a:\n  # first\n  image: NEW\n  b: c\n  d: e\n'],
    ['a:\r\n    "b": c\r\n', 'a:\r\n    image: NEW\r\n    "b": c\r\n'],
    ['a: {b: c}\n', 'a: {image: NEW, b: c}\n'],
    ['a: {}\n', 'a: {image: NEW}\n'],
    ['a: b\n', undefined],
    ['b: {}\n', undefined],
  ];
  for (const [text, expected] of rows) assert.equal(insertYamlScalar(text, ['a'], 'image', 'NEW'), expected, text);
});
