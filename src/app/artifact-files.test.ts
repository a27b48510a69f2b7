import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { openLocalArtifactStore } from '../artifacts/local/local-artifact-store.ts';
import type { Artifact } from '../model/artifact.ts';
import type { App } from './app.ts';
import { artifactFiles, fileUri, isFolderArtifact } from './artifact-files.ts';

const appWith = (artifacts: Partial<ArtifactStore>) => ({ artifacts }) as unknown as App;
const at = (uri: string): Artifact => ({ id: 'a', name: 'model', uri, type: {}, metadata: {} });

async function folder() {
  const root = await mkdtemp(join(tmpdir(), 'pipewright-files-'));
  return {
    root,
    app: appWith(openLocalArtifactStore({ root })),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

test('An artifact that is a file has one, without a path.', async () => {
  await using given = await folder();
  await writeFile(join(given.root, 'model'), 'abc');
  const artifact = at(join(given.root, 'model'));
  assert.deepEqual(await artifactFiles(given.app, artifact), {
    isFolder: false,
    files: [{ path: '', sizeBytes: 3 }],
    isTruncated: false,
  });
  assert.equal(await isFolderArtifact(given.app, artifact), false);
});

test('A folder is told file by file, in the order of their paths.', async () => {
  await using given = await folder();
  await mkdir(join(given.root, 'model', 'b', 'empty'), { recursive: true });
  await writeFile(join(given.root, 'model', 'c'), '1');
  await writeFile(join(given.root, 'model', 'b', 'a'), '12');
  assert.deepEqual(await artifactFiles(given.app, at(join(given.root, 'model'))), {
    isFolder: true,
    files: [
      { path: 'b/a', sizeBytes: 2 },
      { path: 'c', sizeBytes: 1 },
    ],
    isTruncated: false,
  });
});

test('An artifact whose file is gone is told by its name, with where it was.', async () => {
  await using given = await folder();
  const gone = { code: 'NOT_FOUND', message: 'artifact model has no file', hint: /nothing is at .*it may have been removed/ };
  await assert.rejects(artifactFiles(given.app, at(join(given.root, 'gone'))), gone);
  await assert.rejects(isFolderArtifact(given.app, at(join(given.root, 'gone'))), gone);
});

const remote = (files: readonly string[], exists = files.length > 0) =>
  appWith({
    localPath: () => undefined,
    list: async (_uri, limit) => files.slice(0, limit).map((path) => ({ path, sizeBytes: 1 })),
    exists: async () => exists,
  });

for (const [title, files, exists, isFolder] of [
  ['A file', [''], true, false],
  ['A folder', ['a', 'b/c'], true, true],
  ['An empty folder', [], true, true],
] as const) {
  test(`${title} in an object store is ${isFolder ? '' : 'not '}a folder.`, async () => {
    const app = remote(files, exists);
    const found = await artifactFiles(app, at('s3://bucket/model'));
    assert.deepEqual([found.isFolder, await isFolderArtifact(app, at('s3://bucket/model'))], [isFolder, isFolder]);
    assert.deepEqual(
      found.files.map(({ path }) => path),
      files,
    );
  });
}

test('Nothing in an object store is not found.', async () => {
  await assert.rejects(artifactFiles(remote([]), at('s3://bucket/model')), { code: 'NOT_FOUND' });
  await assert.rejects(isFolderArtifact(remote([]), at('s3://bucket/model')), { code: 'NOT_FOUND' });
});

test('Of very many files, the first 5,000 are told.', async () => {
  const files = Array.from({ length: 6_000 }, (_, index) => `f${index}`);
  const found = await artifactFiles(remote(files), at('s3://bucket/model'));
  assert.deepEqual([found.files.length, found.isTruncated], [5_000, true]);
});

test('A file of an artifact has a URI below it.', () => {
  assert.equal(fileUri(at('s3://bucket/model/'), 'a/b'), 's3://bucket/model/a/b');
  assert.equal(fileUri(at('/data/model'), ''), '/data/model');
});
