import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonValue } from './json.ts';
import { MAX_YAML_BYTES, readYaml } from './yaml.ts';

function valueOf(text: string): JsonValue {
  const result = readYaml(text);
  assert.equal(result.kind, 'documents', JSON.stringify(result));
  return result.kind === 'documents' ? result.documents[0]!.value : null;
}

/** What PyYAML's safe_load makes of each. */
const scalars: readonly [text: string, value: JsonValue][] = [
  ['yes', true],
  ['Off', false],
  ['TRUE', true],
  ['y', 'y'],
  ['nO', 'nO'],
  ['~', null],
  ['Null', null],
  ['nULL', 'nULL'],
  ['', null],
  ['12', 12],
  ['+12', 12],
  ['-0b101', -5],
  ['0777', 511],
  ['0o17', '0o17'],
  ['08', '08'],
  ['0x1f', 31],
  ['1_000', 1000],
  ['1:30', 90],
  ['1:30.5', 90.5],
  ['1.5', 1.5],
  ['1.', 1],
  ['.5', 0.5],
  ['1e3', '1e3'],
  ['1.0e3', '1.0e3'],
  ['1.0e+3', 1000],
  ['NaN', 'NaN'],
  ['2024-01-01', '2024-01-01'],
  ['"12"', '12'],
  ["'yes'", 'yes'],
  ['!!str 12', '12'],
];
for (const [text, value] of scalars) {
  test(`the scalar ${text || '(empty)'} is ${JSON.stringify(value)}, as in PyYAML`, () => {
    assert.deepEqual(valueOf(`v: ${text}`), { v: value });
  });
}

test('JSON texts have the numbers of JSON', () => {
  assert.deepEqual(valueOf('{"a": 1e3, "b": "yes", "c": [-0.5E-1]}'), { a: 1000, b: 'yes', c: [-0.05] });
});

test('aliases and merge keys are followed', () => {
  const text = 'a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\nc: *x';
  assert.deepEqual(valueOf(text), { a: { p: 1, q: 2 }, b: { p: 1, q: 3 }, c: { p: 1, q: 2 } });
});

test('all documents are read; a text without content has none', () => {
  const result = readYaml('# comment\na: 1\n---\n---\nb: 2\n');
  assert.deepEqual(result.kind === 'documents' && result.documents.map(({ value }) => value), [{ a: 1 }, null, { b: 2 }]);
  assert.deepEqual(readYaml('# nothing\n'), { kind: 'documents', documents: [] });
});

describe('lines', () => {
  const text = 'a:\n  - x: 1\n    "y z": |\n      text\n      more\n  - {p: 1,\n     q: 2}\n---\nb:\n\n  c: [1,\n    2]\n';
  const rows: readonly [document: number, path: readonly (string | number)[], line: number][] = [
    [0, [], 1],
    [0, ['a'], 1],
    [0, ['a', 0], 2],
    [0, ['a', 0, 'x'], 2],
    [0, ['a', 0, 'y z'], 3],
    [0, ['a', 1, 'q'], 7],
    [0, ['a', 1, 'missing', 'deeper'], 6],
    [1, ['b', 'c'], 11],
    [1, ['b', 'c', 1], 12],
  ];
  for (const [document, path, line] of rows) {
    test(`document ${document}, ${JSON.stringify(path)} stands on line ${line}`, () => {
      const result = readYaml(text);
      assert.equal(result.kind === 'documents' && result.documents[document]!.lineOf(path), line);
    });
  }
});

const problems: readonly [what: string, text: string, message: RegExp, line: number | undefined][] = [
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n', /duplicated mapping key/, 3],
  ['an unclosed list', 'a: [1,\n', /./, undefined],
  ['an alias of nothing', 'a: *x\n', /alias/, undefined],
  ['an alias of what it is in', 'a: &x [*x]\n', /alias/, undefined],
  ['too deep nesting', '['.repeat(10_000), /./, 1],
  ['a tag of Python', 'a: !!python/object:os.system x\n', /tag/, 1],
];
for (const [what, text, message, line] of problems) {
  test(`${what} is a problem`, () => {
    const result = readYaml(text);
    assert.equal(result.kind, 'problem');
    assert.match(result.kind === 'problem' ? result.problem.message : '', message);
    if (line !== undefined) assert.equal(result.kind === 'problem' && result.problem.line, line);
  });
}

test('a bomb of aliases is refused before it is built', () => {
  let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
  for (let i = 1; i < 30; i += 1)
    bomb += `a${i}: &a${i} [${Array(10)
      .fill(`*a${i - 1}`)
      .join(', ')}]\n`;
  const started = performance.now();
  assert.equal(readYaml(bomb).kind, 'problem');
  assert.ok(performance.now() - started < 1000);
});

test('a text above the limit is refused unread', () => {
  assert.equal(readYaml(' '.repeat(MAX_YAML_BYTES + 1)).kind, 'problem');
});

describe('later lines of quoted scalars may start at any column, as PyYAML takes them', () => {
  const rows: readonly [text: string, value: JsonValue][] = [
    ['a:\n  b:\n    - "one \\\n    two\n\n    three"\n    - x\n', { a: { b: ['one two\nthree', 'x'] } }],
    ["a:\n  b: 'it''s\n  ok'\n  c: 1\n", { a: { b: "it's ok", c: 1 } }],
    ['a:\n  b: [1,\n  2]\n', { a: { b: [1, 2] } }],
  ];
  for (const [text, value] of rows) test(JSON.stringify(text), () => assert.deepEqual(valueOf(text), value));

  test('and lines are still counted right', () => {
    const result = readYaml('a:\n  - "x\n  y\n  z"\n  - q: 1\n');
    assert.equal(result.kind === 'documents' && result.documents[0]!.lineOf(['a', 1, 'q']), 5);
  });
});

test('keys that name members of Object.prototype are plain keys', () => {
  const value = valueOf('constructor: 1\n__proto__: {polluted: true}\n') as Record<string, JsonValue>;
  assert.deepEqual(Object.keys(value), ['constructor', '__proto__']);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});
