import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { ProductError } from '../../base/errors.ts';
import { openWebArtifactStore } from './web-artifact-store.ts';

const server = createServer((request, response) => {
  if (request.url === '/data') response.end('0123456789');
  else if (request.url !== '/silent') response.writeHead(request.url === '/private' ? 401 : 404).end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const store = openWebArtifactStore({ headTimeoutMs: 200 });
const code = (expected: string) => (error: unknown) => error instanceof ProductError && error.code === expected;

test('what a web server gives can be read, in parts and as a file.', async () => {
  assert.equal((await buffer(await store.read(`${base}/data`))).toString(), '0123456789');
  assert.equal((await buffer(await store.read(`${base}/data`, { start: 2, end: 4 }))).toString(), '234');
  assert.equal(await store.exists(`${base}/data`), true);
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-web-'));
  try {
    await store.materialise(`${base}/data`, join(folder, 'deep', 'data'));
    assert.equal(await readFile(join(folder, 'deep', 'data'), 'utf8'), '0123456789');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what is missing, refused, silent or unreachable is told apart.', async () => {
  assert.equal(await store.exists(`${base}/missing`), false);
  await assert.rejects(store.read(`${base}/missing`), code('NOT_FOUND'));
  await assert.rejects(store.read(`${base}/private`), code('UNAVAILABLE'));
  await assert.rejects(store.read(`${base}/silent`), code('UNAVAILABLE'));
  await assert.rejects(store.read('http://127.0.0.1:1/'), code('UNAVAILABLE'));
});

test('nothing is written to a web server.', async () => {
  await assert.rejects(store.adopt('/tmp/x', `${base}/data`), code('INVALID_ARGUMENTS'));
  await assert.rejects(store.remove(`${base}/data`), code('INVALID_ARGUMENTS'));
});
