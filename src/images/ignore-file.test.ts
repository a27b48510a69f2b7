import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIgnore } from './ignore-file.ts';

test('.dockerignore leaves out what it names; the last line that matches decides', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['data', 'data', true],
    ['data', 'data/x', true],
    ['data', 'other/data', false],
    ['/data/', 'data/x', true],
    ['./data', 'data/x', true],
    ['a/../data', 'data', true],
    ['**/data', 'a/b/data', true],
    ['**/data', 'data', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'ab', false],
    ['**', 'any/thing', true],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['**/*.md', 'docs/README.md', true],
    ['*.md\n!README.md', 'README.md', false],
    ['!README.md\n*.md', 'README.md', true],
    ['data\n! data/keep.txt', 'data/keep.txt', false],
    ['*\n!src/**/*.py', 'src/a/b.py', false],
    ['*\n!src/**/*.py', 'src/a/b.txt', true],
    ['# a comment\n\n', 'a', false],
    ['\uFEFFdata\r\n', 'data', true],
    ['a b/é*', 'a b/été', true],
    ['a?c', 'abc', true],
    ['a[0-9]', 'a7', true],
    ['a[^0-9]', 'a7', false],
    ['a\\*b', 'axb', false],
    ['a\\*b', 'a*b', true],
    ['a[', 'a[', true],
    ['a.b', 'aXb', false],
    ['f(1)+', 'f(1)+', true],
    ['*', 'anything/at/all', true],
    ['.', 'anything', false],
  ];
  for (const [text, path, expected] of rows) assert.equal(readIgnore(text)(path), expected, `${text} ${path}`);
});
