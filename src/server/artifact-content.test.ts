import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { list } from 'tar';
import { artifactFiles } from '../app/artifact-files.ts';
import type { App } from '../app/app.ts';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { openLocalArtifactStore } from '../artifacts/local/local-artifact-store.ts';
import type { Artifact } from '../model/artifact.ts';
import { contentReply, type ContentRequest } from './artifact-content.ts';

async function stored() {
  const root = await mkdtemp(join(tmpdir(), 'pipewright-content-'));
  const app = { artifacts: openLocalArtifactStore({ root }) } as Pick<App, 'artifacts'> as App;
  const artifact = (uri: string, schemaTitle?: string): Artifact => ({
    id: 'a',
    name: 'out',
    uri,
    type: schemaTitle === undefined ? {} : { schemaTitle },
    metadata: {},
  });
  return {
    root,
    app,
    artifact,
    async file(path: string, content: string, schemaTitle?: string): Promise<Artifact> {
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), content);
      return artifact(join(root, path), schemaTitle);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

const WHOLE: ContentRequest = { path: '', range: null, isDownload: false };

test('A file is sent whole, shown by its type, and asked for again.', async () => {
  await using given = await stored();
  const reply = await contentReply(given.app, await given.file('table.csv', 'a,b\n'), WHOLE);
  assert.deepEqual([reply.status, await reply.text()], [200, 'a,b\n']);
  assert.deepEqual(
    ['content-type', 'content-length', 'accept-ranges', 'cache-control'].map((name) => reply.headers.get(name)),
    ['text/csv; charset=utf-8', '4', 'bytes', 'private, no-cache'],
  );
});

test('A range is sent as such, one behind the end is told.', async () => {
  await using given = await stored();
  const artifact = await given.file('data', '0123456789');
  const part = await contentReply(given.app, artifact, { ...WHOLE, range: 'bytes=2-4' });
  assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 2-4/10', '234']);
  const none = await contentReply(given.app, artifact, { ...WHOLE, range: 'bytes=10-' });
  assert.deepEqual([none.status, none.headers.get('content-range')], [416, 'bytes */10']);
});

test('An empty file is sent.', async () => {
  await using given = await stored();
  const reply = await contentReply(given.app, await given.file('empty.txt', ''), WHOLE);
  assert.deepEqual([reply.status, reply.headers.get('content-length'), await reply.text()], [200, '0', '']);
});

test('A page that a user wrote runs in a sandbox: it can ask nothing in the name of who looks at it.', async () => {
  await using given = await stored();
  const reply = await contentReply(given.app, await given.file('report', '<p>', 'system.HTML'), WHOLE);
  assert.match(reply.headers.get('content-type')!, /^text\/html/);
  const policy = reply.headers.get('content-security-policy')!;
  assert.match(policy, /^sandbox allow-scripts; default-src 'none'/);
  assert.doesNotMatch(policy, /allow-same-origin|connect-src|form-action/);
});

for (const [name, disposition] of [
  ['plain.txt', `inline; filename="plain.txt"; filename*=UTF-8''plain.txt`],
  ['a "b".txt', `inline; filename="a _b_.txt"; filename*=UTF-8''a%20%22b%22.txt`],
  ["it's (1)*.txt", `inline; filename="it's (1)*.txt"; filename*=UTF-8''it%27s%20%281%29%2a.txt`],
  ['zürich.txt', `inline; filename="z_rich.txt"; filename*=UTF-8''z%C3%BCrich.txt`],
  ['line\nbreak;.txt', `inline; filename="line_break;.txt"; filename*=UTF-8''line%0Abreak%3B.txt`],
] as const) {
  test(`The name ${JSON.stringify(name)} is sent in both forms.`, async () => {
    await using given = await stored();
    const reply = await contentReply(given.app, await given.file(name, 'x'), WHOLE);
    assert.equal(reply.headers.get('content-disposition'), disposition);
  });
}

test('A download says that it is one.', async () => {
  await using given = await stored();
  const reply = await contentReply(given.app, await given.file('a.txt', 'x'), { ...WHOLE, isDownload: true });
  assert.match(reply.headers.get('content-disposition')!, /^attachment; /);
});

test('A file of a folder is read by its path.', async () => {
  await using given = await stored();
  await given.file('model/weights/1.bin', 'w');
  const model = given.artifact(join(given.root, 'model'));
  assert.equal(await (await contentReply(given.app, model, { ...WHOLE, path: 'weights/1.bin' })).text(), 'w');
});

for (const path of ['../secret', 'weights/../../secret', '/etc/hosts', 'a//b', './a', 'a\\b', 'a\0b']) {
  test(`The path ${JSON.stringify(path)} leads out of an artifact and is refused.`, async () => {
    await using given = await stored();
    await given.file('secret', 's');
    await given.file('model/a', 'w');
    const request = contentReply(given.app, given.artifact(join(given.root, 'model')), { ...WHOLE, path });
    await assert.rejects(request, { code: 'INVALID_ARGUMENTS', message: /is no path within an artifact/ });
  });
}

test('A link that a step left in its folder leads nowhere.', async () => {
  await using given = await stored();
  await given.file('model/a', 'w');
  await symlink('/etc/hosts', join(given.root, 'model', 'link'));
  const model = given.artifact(join(given.root, 'model'));
  await assert.rejects(contentReply(given.app, model, { ...WHOLE, path: 'link' }), { code: 'INVALID_ARGUMENTS' });
  assert.deepEqual((await artifactFiles(given.app, model)).files, [{ path: 'a', sizeBytes: 1 }]);
});

test('A folder is sent as an archive of its files.', async () => {
  await using given = await stored();
  await given.file('model/a.txt', 'a');
  await given.file('model/deep/b.txt', 'b');
  const reply = await contentReply(given.app, given.artifact(join(given.root, 'model')), WHOLE);
  assert.equal(reply.headers.get('content-disposition'), `attachment; filename="model.tar.gz"; filename*=UTF-8''model.tar.gz`);
  const names: string[] = [];
  const reader = list({ onReadEntry: (entry) => names.push(entry.path) });
  await pipeline(Readable.fromWeb(reply.body as never), new PassThrough(), reader as unknown as NodeJS.WritableStream);
  assert.deepEqual(names.filter((name) => !name.endsWith('/')).toSorted(), ['./a.txt', './deep/b.txt']);
});

for (const [title, path, message] of [
  ['A path in an artifact that is a file', 'inner', /is a file: it has no inner/],
  ['A file that is not there', '', /has no file/],
] as const) {
  test(`${title} is not found.`, async () => {
    await using given = await stored();
    const artifact = path === '' ? given.artifact(join(given.root, 'gone')) : await given.file('data', 'x');
    await assert.rejects(contentReply(given.app, artifact, { ...WHOLE, path }), { code: 'NOT_FOUND', message });
  });
}

test('One file of a folder in an object store is read without listing the folder.', async () => {
  const limits: number[] = [];
  const artifacts: Partial<ArtifactStore> = {
    localPath: () => undefined,
    list: async (_uri, limit) => {
      limits.push(limit);
      return [{ path: 'a', sizeBytes: 1 }].slice(0, limit);
    },
    exists: async () => true,
    size: async (uri) => (uri === 's3://bucket/model/a' ? 1 : undefined),
    read: async () => Readable.from([Buffer.from('w')]),
  };
  const app = { artifacts } as unknown as App;
  const model: Artifact = { id: 'a', name: 'model', uri: 's3://bucket/model', type: {}, metadata: {} };
  assert.equal(await (await contentReply(app, model, { ...WHOLE, path: 'a' })).text(), 'w');
  assert.deepEqual(limits, [1]);
  await assert.rejects(contentReply(app, model, WHOLE), { code: 'UNSUPPORTED', hint: 'fetch its files one by one' });
});
