import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nulCharacterError } from './nul-character.ts';

test('a program is given no U+0000, and the error says where it is.', () => {
  const rows: readonly [readonly string[], Record<string, string>, RegExp | undefined][] = [
    [['sh', '-c', 'true'], { A: 'b' }, undefined],
    [[], {}, undefined],
    [['sh', '-c', 'a\0b'], {}, /^program "sh" could not be started: argument 2 has the character U\+0000/],
    [['s\0h'], {}, /^program "s\\0h" could not be started: its name has/],
    [['sh'], { A: 'b', C: '\0' }, /the variable C has/],
    [['sh'], { 'A\0': 'b' }, /the variable A\\0 has/],
  ];
  for (const [argv, env, expected] of rows) {
    const error = nulCharacterError({ argv, env });
    if (expected) assert.match(error!.message, expected);
    else assert.equal(error, undefined);
    if (error) assert.equal(error.cause, 'input');
  }
});
