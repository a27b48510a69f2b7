import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensOfYaml } from './yaml-tokens.ts';

const check = (line: string, expected: readonly string[]): void =>
  assert.deepEqual(
    tokensOfYaml(line)
      .filter(({ kind }) => kind !== 'plain')
      .map(({ kind, text }) => `${kind} ${text}`),
    expected,
  );

test('keys and scalars are told apart', () => {
  check('  name: train', ['key name']);
  check('  - name: 12', ['key name', 'number 12']);
  check("  text: 'a: b'", ['key text', "string 'a: b'"]);
  check('enableCache: true', ['key enableCache', 'word true']);
  check('# a comment', ['comment # a comment']);
  check('command: |-', ['key command', 'word |-']);
  check('slots: 4 # a core', ['key slots', 'number 4', 'comment  # a core']);
  check("text: 'a # b'", ['key text', "string 'a # b'"]);
  check('  "epochs": 20,', ['key "epochs"', 'number 20']);
});

test('no character is lost', () => {
  for (const line of [
    '',
    '   ',
    'a',
    '- - x',
    'a:b',
    '"x": {}',
    'http://h/p: 1',
    '  {{$.inputs}}',
    "it's: 'x",
    'a: 1 # b',
    '"a": 1,',
    '[1, 2],',
  ]) {
    assert.equal(
      tokensOfYaml(line)
        .map(({ text }) => text)
        .join(''),
      line,
    );
  }
});
