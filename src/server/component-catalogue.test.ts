import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Hono } from 'hono';
import type { AuthEnv } from './auth/caller.ts';
import { CATALOGUE_PATH, componentCatalogue } from './component-catalogue.ts';

const component = (name: string) => `name: ${name}\nimplementation:\n  container: {image: alpine, command: [echo]}\n`;

async function served() {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-catalogue-'));
  await writeFile(join(folder, 'shout.yaml'), component('Shout'));
  let nowMs = 1_000_000;
  const hono = new Hono<AuthEnv>();
  hono.get(
    `${CATALOGUE_PATH}*`,
    componentCatalogue(folder, () => nowMs),
  );
  return {
    folder,
    get: (path: string, headers: Record<string, string> = {}) => hono.request(CATALOGUE_PATH + path, { headers }),
    pass: (ms: number) => {
      nowMs += ms;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

test('A component is sent with a tag, and not again to who has it, whichever way the tag comes.', async () => {
  await using given = await served();
  const reply = await given.get('shout.yaml');
  assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'application/yaml']);
  assert.equal(await reply.text(), component('Shout'));
  const etag = reply.headers.get('etag')!;
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    assert.equal((await given.get('shout.yaml', { 'if-none-match': known })).status, 304);
  }
});

test('A component that is added is found some seconds later, without a restart.', async () => {
  await using given = await served();
  assert.equal((await given.get('whisper.yaml')).status, 404);
  await writeFile(join(given.folder, 'whisper.yaml'), component('Whisper'));
  given.pass(5_001);
  assert.equal(await (await given.get('whisper.yaml')).text(), component('Whisper'));
});

test('A component that was taken away since the folder was looked at is not found.', async () => {
  await using given = await served();
  assert.equal((await given.get('shout.yaml')).status, 200);
  await rm(join(given.folder, 'shout.yaml'));
  assert.equal((await given.get('shout.yaml')).status, 404);
});

test('Every folder lists what is in it.', async () => {
  await using given = await served();
  assert.equal(((await (await given.get('index.json')).json()) as { count: number }).count, 1);
});
