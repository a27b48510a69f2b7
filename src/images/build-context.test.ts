import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { baseImages, contextDigest, contextFiles, readIgnore, withImage } from './build-context.ts';

test('.dockerignore leaves out what it names; the last line that matches decides', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['data', 'data', true],
    ['data', 'data/x', true],
    ['data', 'other/data', false],
    ['/data/', 'data/x', true],
    ['**/data', 'a/b/data', true],
    ['**/data', 'data', true],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['**/*.md', 'docs/README.md', true],
    ['*.md\n!README.md', 'README.md', false],
    ['!README.md\n*.md', 'README.md', true],
    ['# a comment\n\n', 'a', false],
    ['a?c', 'abc', true],
    ['a[0-9]', 'a7', true],
    ['a.b', 'aXb', false],
    ['*', 'anything/at/all', true],
  ];
  for (const [text, path, expected] of rows) assert.equal(readIgnore(text)(path), expected, `${text} ${path}`);
});

test('a digest changes with a byte, a name, a mode or a base image, and not with the image a component names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-context-'));
  try {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM alpine\nCOPY . .\n');
    writeFileSync(join(folder, 'sub/run.sh'), 'echo 1');
    writeFileSync(join(folder, '.dockerignore'), 'ignored');
    writeFileSync(join(folder, 'ignored'), 'x');
    writeFileSync(join(folder, 'component.yaml'), 'implementation:\n  container:\n    image: one:1 # comment\n');
    const digest = (base = 'sha256:1') => contextDigest(folder, contextFiles(folder), [base]);
    const first = digest();
    writeFileSync(join(folder, 'component.yaml'), 'implementation:\n  container:\n    image: "two@sha256:2" # comment\n');
    writeFileSync(join(folder, 'ignored'), 'y');
    assert.equal(digest(), first);
    assert.notEqual(digest('sha256:2'), first);
    chmodSync(join(folder, 'sub/run.sh'), 0o755);
    const second = digest();
    assert.notEqual(second, first);
    writeFileSync(join(folder, 'sub/run.sh'), 'echo 2');
    assert.notEqual(digest(), second);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the image of a component is replaced, and nothing else', () => {
  const text =
    "# image: one\nimplementation:\n  container:\n    image: 'one' # why\n    command: [image, one]\nother:\n  image: two\n";
  const expected =
    '# image: one\nimplementation:\n  container:\n    image: r/one@sha256:1 # why\n    command: [image, one]\nother:\n  image: two\n';
  assert.equal(withImage(text, 'one', 'r/one@sha256:1'), expected);
});

test('stages and arguments are no base images', () => {
  const text =
    'ARG V=1\nFROM --platform=linux/amd64 node:24 AS build\nRUN x\nfrom alpine\nCOPY --from=build /a /a\nFROM build\nFROM scratch\nFROM python:$V';
  assert.deepEqual(baseImages(text), ['node:24', 'alpine']);
});
