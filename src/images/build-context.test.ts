import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contextEntries } from './build-context.ts';
import { contextDigest } from './context-digest.ts';

function folderWith(files: Readonly<Record<string, string>>): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'pipewright-context-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('a context has files, links and folders, also empty ones; what is taken back from a folder that is left out brings the folder', () => {
  using folder = folderWith({
    Dockerfile: 'FROM alpine\n',
    '.dockerignore': 'Dockerfile\n.dockerignore\ndata\n!data/deep/keep.txt\nlogs/*\n',
    'data/other.txt': '',
    'data/deep/keep.txt': '',
    'logs/a.log': '',
    '.git/HEAD': '',
    'a dir/ünï [1]!.txt': '',
  });
  mkdirSync(join(folder.path, 'empty'));
  symlinkSync('nowhere', join(folder.path, 'link'));
  symlinkSync('a dir', join(folder.path, 'dirlink'));
  assert.deepEqual(contextEntries(folder.path, ['Dockerfile']), [
    '.dockerignore',
    'Dockerfile',
    'a dir',
    'a dir/ünï [1]!.txt',
    'data',
    'data/deep',
    'data/deep/keep.txt',
    'dirlink',
    'empty',
    'link',
    'logs',
  ]);
});

test('a digest changes with a byte, a name, a mode, an empty folder or a base image, and not with the image a component names', async () => {
  using folder = folderWith({
    Dockerfile: 'FROM alpine\nCOPY . .\n',
    'sub/run.sh': 'echo 1',
    '.dockerignore': 'ignored',
    ignored: 'x',
    'component.yaml': 'implementation: {container: {image: one:1, command: [a]}} # comment\n',
  });
  const digest = (base = 'sha256:1') => contextDigest(folder.path, contextEntries(folder.path, ['Dockerfile']), [base]);
  const first = await digest();
  writeFileSync(
    join(folder.path, 'component.yaml'),
    'implementation: {container: {image: two@sha256:2, command: [a]}} # comment\n',
  );
  writeFileSync(join(folder.path, 'ignored'), 'y');
  chmodSync(join(folder.path, 'sub/run.sh'), 0o664);
  assert.equal(await digest(), first);
  assert.notEqual(await digest('sha256:2'), first);
  const changes: readonly (() => void)[] = [
    () => chmodSync(join(folder.path, 'sub/run.sh'), 0o755),
    () => writeFileSync(join(folder.path, 'sub/run.sh'), 'echo 2'),
    () => writeFileSync(join(folder.path, 'large'), Buffer.alloc(3 * 2 ** 20)),
    () => writeFileSync(join(folder.path, 'large'), Buffer.alloc(3 * 2 ** 20, 1)),
    () => mkdirSync(join(folder.path, 'empty')),
  ];
  let last = first;
  for (const change of changes) {
    change();
    const next = await digest();
    assert.notEqual(next, last, String(change));
    last = next;
  }
});
