import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import type { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { ProductError } from '../../src/base/errors.ts';

/** Opens an empty store. `folder` is an empty folder that is removed after the test; the store may live in it. */
export type OpenArtifactStore = (folder: string) => Promise<ArtifactStore>;

type Body = (context: {
  readonly store: ArtifactStore;
  /** Writes files below a step's own folder (a name per file) and returns the path of `name` there. */
  readonly write: (name: string, files: Readonly<Record<string, string>>) => Promise<string>;
  readonly uri: (name: string) => string;
  readonly path: (name: string) => string;
}) => Promise<void>;

/** What every artifact store does, wherever it keeps the bytes. */
export function artifactStoreContract(name: string, open: OpenArtifactStore): void {
  const check = (title: string, body: Body) =>
    test(`${name}: ${title}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pipewright-artifacts-'));
      try {
        await mkdir(join(folder, 'store'));
        await mkdir(join(folder, 'step'));
        const store = await open(join(folder, 'store'));
        const path = (file: string) => join(folder, 'step', file);
        const write = async (target: string, files: Readonly<Record<string, string>>) => {
          for (const [file, content] of Object.entries(files)) {
            await mkdir(dirname(path(file)), { recursive: true });
            await writeFile(path(file), content);
          }
          return path(target);
        };
        await body({ store, write, path, uri: (artifact) => `${store.defaultPipelineRoot}/train/run-1/${artifact}` });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  filesContract(check);
  foldersContract(check);
  againContract(check);
}

type Check = (title: string, body: Body) => unknown;

const text = async (store: ArtifactStore, uri: string, range?: Parameters<ArtifactStore['read']>[1]): Promise<string> =>
  (await buffer(await store.read(uri, range))).toString();
const isNotFound = (error: unknown) => error instanceof ProductError && error.code === 'NOT_FOUND';

function filesContract(check: Check): void {
  check('a file that was taken over is there, with its size and bytes.', async ({ store, write, uri }) => {
    await store.adopt(await write('out', { out: 'héllo' }), uri('model'));
    assert.equal(await store.exists(uri('model')), true);
    assert.equal(await store.size(uri('model')), 6);
    assert.equal(await text(store, uri('model')), 'héllo');
    assert.equal(store.handles(uri('model')), true);
    const local = store.localPath(uri('model'));
    if (local !== undefined) assert.equal(await readFile(local, 'utf8'), 'héllo');
  });

  check('any range of a file can be read.', async ({ store, write, uri }) => {
    await store.adopt(await write('out', { out: '0123456789' }), uri('digits'));
    const rows: readonly [Parameters<ArtifactStore['read']>[1], string][] = [
      [undefined, '0123456789'],
      [{ start: 0 }, '0123456789'],
      [{ start: 0, end: 0 }, '0'],
      [{ start: 2, end: 4 }, '234'],
      [{ start: 7 }, '789'],
      [{ start: 7, end: 100 }, '789'],
    ];
    for (const [range, expected] of rows) assert.equal(await text(store, uri('digits'), range), expected, JSON.stringify(range));
  });

  check('an empty file is an artifact.', async ({ store, write, uri }) => {
    await store.adopt(await write('out', { out: '' }), uri('empty'));
    assert.equal(await store.exists(uri('empty')), true);
    assert.equal(await store.size(uri('empty')), 0);
    assert.equal(await text(store, uri('empty')), '');
  });

  check('names with odd characters are kept apart.', async ({ store, write, uri }) => {
    const names = ['a b', 'a%20b', 'a+b', 'a#b', 'a?b', 'a&b', '語', 'é', "it's", '..a', 'a:b'];
    for (const odd of names) await store.adopt(await write('out', { out: odd }), uri(odd));
    for (const odd of names) assert.equal(await text(store, uri(odd)), odd);
  });

  check('what was never written is not there.', async ({ store, uri, path }) => {
    assert.equal(await store.exists(uri('nothing')), false);
    assert.equal(await store.size(uri('nothing')), undefined);
    await assert.rejects(store.read(uri('nothing')), isNotFound);
    await assert.rejects(store.materialise(uri('nothing'), path('in')), isNotFound);
    await assert.rejects(store.adopt(path('nothing'), uri('nothing')), isNotFound);
    await store.remove(uri('nothing'));
  });

  check('a file appears where a step wants to read it.', async ({ store, write, uri, path }) => {
    await store.adopt(await write('out', { out: 'data' }), uri('model'));
    await store.materialise(uri('model'), path('inputs/model'));
    assert.equal(await readFile(path('inputs/model'), 'utf8'), 'data');
    await rm(path('inputs'), { recursive: true });
    assert.equal(await text(store, uri('model')), 'data', 'clearing a step away leaves the artifact');
  });
}

function foldersContract(check: Check): void {
  const files = { 'out/a': 'aa', 'out/deep/er/b': 'bbb', 'out/deep/c': '' };

  check('a folder is taken over with all that is in it.', async ({ store, write, uri, path }) => {
    await store.adopt(await write('out', files), uri('folder'));
    assert.equal(await store.exists(uri('folder')), true);
    assert.equal(await store.size(uri('folder')), 5);
    assert.equal(await text(store, `${uri('folder')}/deep/er/b`), 'bbb');
    await store.materialise(uri('folder'), path('inputs/folder'));
    assert.equal(await readFile(path('inputs/folder/deep/er/b'), 'utf8'), 'bbb');
  });

  check('the files of an artifact are listed where they have no path on this machine.', async ({ store, write, uri }) => {
    if (!store.list) return;
    await store.adopt(await write('out', files), uri('folder'));
    await store.adopt(await write('file', { file: '1' }), uri('folder-2'));
    const listed = [
      { path: 'a', sizeBytes: 2 },
      { path: 'deep/c', sizeBytes: 0 },
      { path: 'deep/er/b', sizeBytes: 3 },
    ];
    assert.deepEqual(await store.list(uri('folder'), 10), listed);
    assert.deepEqual(await store.list(uri('folder'), 2), listed.slice(0, 2));
    assert.deepEqual(await store.list(uri('folder-2'), 2), [{ path: '', sizeBytes: 1 }]);
    assert.deepEqual(await store.list(uri('nothing'), 2), []);
  });

  check('the size of a folder does not follow links.', async ({ store, write, uri }) => {
    const folder = await write('out', { ...files, outside: 'x'.repeat(1_000) });
    await symlink('..', join(folder, 'circle'));
    await symlink('../outside', join(folder, 'link'));
    await store.adopt(folder, uri('folder'));
    assert.equal(await store.size(uri('folder')), 5);
  });

  check('removing takes a file or a whole folder away, and nothing else.', async ({ store, write, uri }) => {
    await store.adopt(await write('out', files), uri('folder'));
    await store.adopt(await write('file', { file: '1' }), uri('folder-2'));
    await store.remove(uri('folder'));
    assert.equal(await store.exists(uri('folder')), false);
    assert.equal(await store.exists(`${uri('folder')}/a`), false);
    assert.equal(await text(store, uri('folder-2')), '1');
    await store.remove(uri('folder-2'));
    await store.remove(uri('folder-2'));
    assert.equal(await store.exists(uri('folder-2')), false);
  });
}

function againContract(check: Check): void {
  const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    file: { out: 'file' },
    folder: { 'out/a': 'in a folder', 'out/b': 'b' },
  };
  const marks: Readonly<Record<string, readonly [string, string]>> = { file: ['', 'file'], folder: ['/a', 'in a folder'] };

  for (const before of ['file', 'folder']) {
    for (const after of ['file', 'folder']) {
      check(`a ${after} takes the place of a ${before}, in the store and where it appears.`, async (context) => {
        const { store, write, uri, path } = context;
        await store.adopt(await write('out', shapes[before]!), uri('artifact'));
        await store.materialise(uri('artifact'), path('in'));
        await rm(path('out'), { recursive: true, force: true });
        await store.adopt(await write('out', shapes[after]!), uri('artifact'));
        await store.materialise(uri('artifact'), path('in'));
        const [inside, content] = marks[after]!;
        assert.equal(await text(store, uri('artifact') + inside), content);
        assert.equal(await readFile(path('in') + inside, 'utf8'), content);
      });
    }
  }

  check('taking over what was taken over already changes nothing.', async ({ store, write, uri }) => {
    const out = await write('out', { out: 'once' });
    await store.adopt(out, uri('artifact'));
    await store.adopt(out, uri('artifact'));
    assert.equal(await text(store, uri('artifact')), 'once');
  });
}
