import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { staticFiles } from './static-files.ts';

const LONG = 'export const answer = 42;\n'.repeat(100);

async function dashboard() {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-web-'));
  const root = join(folder, 'dist');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(root, 'index.html'), '<title>start</title>');
  await writeFile(join(root, 'assets', 'app-1a2b.js'), LONG);
  await writeFile(join(root, 'icon.png'), 'png');
  const hono = new Hono();
  hono.get('*', staticFiles(root));
  return {
    root,
    get: (path: string, headers: Record<string, string> = {}) => hono.request(`http://localhost${path}`, { headers }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

for (const [path, status, type, cache] of [
  ['/', 200, 'text/html; charset=utf-8', 'no-cache'],
  ['/index.html', 200, 'text/html; charset=utf-8', 'no-cache'],
  ['/runs/0d5c2a6e', 200, 'text/html; charset=utf-8', 'no-cache'],
  ['/icon.png', 200, 'image/png', 'no-cache'],
  ['/assets/app-1a2b.js', 200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
] as const) {
  test(`${path} is answered as ${type}.`, async () => {
    await using given = await dashboard();
    const reply = await given.get(path);
    assert.deepEqual(
      [reply.status, reply.headers.get('content-type'), reply.headers.get('cache-control')],
      [status, type, cache],
    );
  });
}

for (const path of [
  '/assets/gone.js',
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/%252e%252e%252fsecret.txt',
  '/..%5csecret.txt',
  '/icon.png%00',
  '/%ff.png',
]) {
  test(`${path} is not found.`, async () => {
    await using given = await dashboard();
    const reply = await given.get(path);
    assert.equal(reply.status, 404);
    assert.doesNotMatch(await reply.text(), /secret/);
  });
}

test('What a browser has already is not sent again, until it changes.', async () => {
  await using given = await dashboard();
  const first = await given.get('/icon.png');
  const known = { 'if-none-match': first.headers.get('etag')! };
  const again = await given.get('/icon.png', known);
  assert.deepEqual([again.status, await again.text()], [304, '']);
  await writeFile(join(given.root, 'icon.png'), 'another');
  await utimes(join(given.root, 'icon.png'), 1, 1);
  const changed = await given.get('/icon.png', known);
  assert.deepEqual([changed.status, await changed.text()], [200, 'another']);
});

test('Texts are packed for who can unpack them.', async () => {
  await using given = await dashboard();
  const packed = await given.get('/assets/app-1a2b.js', { 'accept-encoding': 'br, gzip' });
  assert.equal(packed.headers.get('content-encoding'), 'gzip');
  assert.equal(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString(), LONG);
  const plain = await given.get('/assets/app-1a2b.js');
  assert.deepEqual([plain.headers.get('content-encoding'), plain.headers.get('vary')], [null, 'accept-encoding']);
  assert.equal(await plain.text(), LONG);
});

test('A small file is sent as it is.', async () => {
  await using given = await dashboard();
  const reply = await given.get('/', { 'accept-encoding': 'gzip' });
  assert.deepEqual([reply.headers.get('content-encoding'), await reply.text()], [null, '<title>start</title>']);
});

test("Only the start page of KFP's frontend is given the policy it needs.", async () => {
  await using given = await dashboard();
  assert.equal((await given.get('/')).headers.get('content-security-policy'), null);
  await writeFile(join(given.root, 'index.html'), '<script>window.KFP_FLAGS = {}</script>');
  assert.match((await given.get('/')).headers.get('content-security-policy')!, /'unsafe-eval'/);
  assert.equal((await given.get('/icon.png')).headers.get('content-security-policy'), null);
});
