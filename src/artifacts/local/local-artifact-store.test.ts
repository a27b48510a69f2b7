import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { artifactStoreContract } from '../../../test/contract/artifact-store.contract.ts';
import { ProductError } from '../../base/errors.ts';
import type { ArtifactStore } from '../artifact-store.ts';
import { openLocalArtifactStore } from './local-artifact-store.ts';

artifactStoreContract('local', async (folder) => openLocalArtifactStore({ root: folder }));

interface Context {
  readonly store: ArtifactStore;
  readonly root: string;
  /** A folder of the user's, beside the store. */
  readonly outside: string;
}

function check(title: string, body: (context: Context) => Promise<void>): void {
  test(`local: ${title}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pipewright-local-'));
    try {
      const [root, outside] = [join(folder, 'root'), join(folder, 'outside')];
      await mkdir(outside);
      await body({ store: openLocalArtifactStore({ root }), root, outside });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const text = async (store: ArtifactStore, uri: string): Promise<string> => (await buffer(await store.read(uri))).toString();
const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof ProductError && error.code === 'INVALID_ARGUMENTS' && pattern.test(error.message);

check('absolute paths and file URIs are handled, others are not.', async ({ store, root }) => {
  assert.deepEqual(
    ['/x', 'file:///x', 's3://b/k', 'gs://b/k', 'minio://b/k', 'x/y', 'C:\\x', ''].map((uri) => store.handles(uri)),
    [true, true, false, false, false, false, false, false],
  );
  assert.equal(store.localPath('s3://b/k'), undefined);
  assert.equal(store.localPath('file:///a%20b'), '/a b');
  assert.equal(store.defaultPipelineRoot, root);
});

check('".." and NUL are refused wherever a URI is given.', async ({ store, root, outside }) => {
  for (const uri of [`${root}/../outside/x`, `file://${root}/%2e%2e/outside/x`, `${root}/a\0b`]) {
    assert.throws(() => store.localPath(uri), refusal(/cannot be used/));
    await assert.rejects(store.size(uri), refusal(/cannot be used/));
    await assert.rejects(store.exists(uri), refusal(/cannot be used/));
    await assert.rejects(store.read(uri), refusal(/cannot be used/));
    await assert.rejects(store.remove(uri), refusal(/cannot be used/));
    await assert.rejects(store.adopt(outside, uri), refusal(/cannot be used/));
    await assert.rejects(store.materialise(uri, join(outside, 'in')), refusal(/cannot be used/));
  }
});

check("the user's own files are read where they are, also through links and file URIs.", async ({ store, outside }) => {
  await writeFile(join(outside, 'my data.csv'), 'a,b');
  await symlink('my data.csv', join(outside, 'link'));
  const uri = pathToFileURL(join(outside, 'my data.csv')).href;
  assert.equal(await text(store, uri), 'a,b');
  assert.equal(await store.size(uri), 3);
  assert.equal(await text(store, join(outside, 'link')), 'a,b');
  await store.materialise(uri, join(outside, 'in'));
  assert.equal(await readFile(join(outside, 'in'), 'utf8'), 'a,b');
});

check('only what is below the root is removed.', async ({ store, root, outside }) => {
  await writeFile(join(outside, 'mine'), '1');
  await mkdir(`${root}-2`, { recursive: true });
  await mkdir(root);
  await symlink(outside, join(root, 'way-out'));
  for (const uri of [join(outside, 'mine'), outside, root, `${root}/`, '/', `${root}-2`, join(root, 'way-out/mine')]) {
    await assert.rejects(store.remove(uri), refusal(/will not remove/), uri);
  }
  await store.remove(join(root, 'way-out'));
  assert.deepEqual([await readdir(root), await readdir(outside)], [[], ['mine']], 'a link is removed, not what it leads to');
});

check('files and folders are handed on without copying.', async ({ store, root, outside }) => {
  await writeFile(join(outside, 'file'), '1');
  await mkdir(join(outside, 'folder'));
  const [file, folder] = [await stat(join(outside, 'file')), await stat(join(outside, 'folder'))];
  await store.adopt(join(outside, 'file'), `${root}/run/file`);
  await store.adopt(join(outside, 'folder'), `${root}/run/folder`);
  assert.equal((await stat(`${root}/run/file`)).ino, file.ino);
  assert.equal((await stat(`${root}/run/folder`)).ino, folder.ino);
  await store.materialise(`${root}/run/file`, join(outside, 'in/file'));
  assert.equal((await stat(join(outside, 'in/file'))).ino, file.ino);
  assert.deepEqual(await readdir(`${root}/run`), ['file', 'folder'], 'no temporary names are left');
});

check('what lies on another file system is copied whole, and then gone from there.', async ({ store, root, outside }) => {
  const other = await anotherFileSystem(outside);
  if (other === undefined) return console.log('skipped: no second file system to write to');
  try {
    await mkdir(join(other, 'folder/deep'), { recursive: true });
    await writeFile(join(other, 'folder/deep/a'), 'aa');
    await symlink('deep/a', join(other, 'folder/link'));
    await writeFile(join(other, 'file'), 'f', { mode: 0o755 });
    await store.adopt(join(other, 'folder'), `${root}/run/folder`);
    await store.adopt(join(other, 'file'), `${root}/run/file`);
    assert.equal(await text(store, `${root}/run/folder/link`), 'aa');
    assert.equal((await stat(`${root}/run/file`)).mode & 0o777, 0o755);
    assert.deepEqual(await readdir(other), []);
    assert.deepEqual(await readdir(`${root}/run`), ['file', 'folder'], 'no temporary names are left');
    await store.materialise(`${root}/run/file`, join(other, 'in'));
    assert.ok((await lstat(join(other, 'in'))).isSymbolicLink(), 'too far for a hard link');
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});

check('a link to something the step wrote beside it is adopted as the thing itself.', async ({ store, root, outside }) => {
  await mkdir(join(outside, 'checkpoints/9'), { recursive: true });
  await writeFile(join(outside, 'checkpoints/9/weights'), 'w');
  await symlink('checkpoints/9', join(outside, 'model'));
  await symlink('checkpoints/9/weights', join(outside, 'weights'));
  await store.adopt(join(outside, 'model'), `${root}/model`);
  await store.adopt(join(outside, 'weights'), `${root}/weights`);
  await rm(outside, { recursive: true });
  assert.equal(await text(store, `${root}/model/weights`), 'w');
  assert.equal(await text(store, `${root}/weights`), 'w');
});

check('a link that leads elsewhere stays a link, and is not read.', async ({ store, root, outside }) => {
  await mkdir(join(outside, 'step'));
  await writeFile(join(outside, 'secret'), 's');
  await symlink('../secret', join(outside, 'step/model'));
  await store.adopt(join(outside, 'step/model'), `${root}/model`);
  assert.equal(await readFile(`${root}/model`, 'utf8'), 's', 'a step of the same user can follow it');
  await assert.rejects(store.read(`${root}/model`), refusal(/link out of the artifact folder/));
  await store.materialise(`${root}/model`, join(outside, 'in'));
  assert.ok((await lstat(join(outside, 'in'))).isSymbolicLink(), 'and is no hard link to what it leads to');
  await mkdir(`${root}/folder`);
  await symlink(join(outside, 'secret'), `${root}/folder/absolute`);
  await assert.rejects(store.read(`${root}/folder/absolute`), refusal(/link out of the artifact folder/));
});

check('a link to nothing is no output.', async ({ store, root, outside }) => {
  await symlink('nowhere', join(outside, 'model'));
  const isNotFound = (error: unknown) => error instanceof ProductError && error.code === 'NOT_FOUND';
  await assert.rejects(store.adopt(join(outside, 'model'), `${root}/model`), isNotFound);
});

check('a folder cannot be read as a file.', async ({ store, outside }) => {
  await assert.rejects(store.read(outside), refusal(/it is a folder/));
});

check('a path that goes through a file, a circle of links or a name too long is explained.', async ({ store, outside }) => {
  await writeFile(join(outside, 'file'), '');
  await symlink('circle', join(outside, 'circle'));
  for (const uri of [join(outside, 'file/inside'), join(outside, 'circle')]) {
    assert.equal(await store.exists(uri), false);
    assert.equal(await store.size(uri), undefined);
    await assert.rejects(store.read(uri), (error) => error instanceof ProductError && error.code === 'NOT_FOUND');
  }
  await assert.rejects(store.read(join(outside, 'x'.repeat(300))), refusal(/too long/));
});

check('a file in a folder that may not be changed is linked or copied.', async ({ store, root, outside }) => {
  await mkdir(join(outside, 'fixed'));
  await writeFile(join(outside, 'fixed/file'), 'kept');
  await chmod(join(outside, 'fixed'), 0o555);
  try {
    await store.adopt(join(outside, 'fixed/file'), `${root}/file`);
    assert.equal(await text(store, `${root}/file`), 'kept');
  } finally {
    await chmod(join(outside, 'fixed'), 0o755);
  }
});

/** A fresh folder on a file system other than that of `folder`, where the machine has one. */
async function anotherFileSystem(folder: string): Promise<string | undefined> {
  try {
    const other = await mkdtemp('/dev/shm/pipewright-local-');
    if ((await stat(other)).dev !== (await stat(folder)).dev) return other;
    await rm(other, { recursive: true });
  } catch {
    // No such folder here.
  }
  return undefined;
}
