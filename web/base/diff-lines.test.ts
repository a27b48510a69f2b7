import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffLines, foldDiff } from './diff-lines.ts';

const SIGNS = { same: ' ', added: '+', removed: '-' } as const;
const check = (left: string, right: string, expected: readonly string[]): void =>
  assert.deepEqual(
    diffLines(left, right).map(({ kind, text }) => SIGNS[kind] + text),
    expected,
  );

test('lines that differ are removed and added', () => {
  check('a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']);
  check('a\nb', 'a\nb', [' a', ' b']);
  check('a', 'a\nb', [' a', '+b']);
  check('a\nb\nc', 'b\nc', ['-a', ' b', ' c']);
  check('', 'a', ['-', '+a']);
});

test('lines carry their numbers in both texts', () => {
  assert.deepEqual(
    diffLines('a\nb', 'x\na\nb').map(({ left, right }) => [left, right]),
    [
      [undefined, 1],
      [1, 2],
      [2, 3],
    ],
  );
});

test('whatever the texts, both can be read back, and no shorter way is missed', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (left, right) => {
      const lines = diffLines(left, right);
      const without = (kind: string) => lines.filter((line) => line.kind !== kind).map((line) => line.text);
      assert.equal(without('added').join('\n'), left);
      assert.equal(without('removed').join('\n'), right);
      const edits = lines.filter(({ kind }) => kind !== 'same').length;
      assert.equal(edits, fewestEdits(left.split('\n'), right.split('\n')));
    }),
  );
});

test('what is the same and far away is folded', () => {
  const left = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const right = left.with(15, 'changed');
  assert.deepEqual(
    foldDiff(diffLines(left.join('\n'), right.join('\n')), 2).map(({ kind, lines }) => [kind, lines.length]),
    [
      ['hidden', 13],
      ['lines', 6],
      ['hidden', 12],
    ],
  );
});

/** By the table of all pairs of beginnings. */
function fewestEdits(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, line] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) next.push(line === other ? row[j]! : 1 + Math.min(row[j + 1]!, next[j]!));
    row = next;
  }
  return row.at(-1)!;
}
