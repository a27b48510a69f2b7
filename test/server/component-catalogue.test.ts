// Components of a folder, served beside the API as a store's URL prefix expects them.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testServer } from '../support/test-server.ts';

const COMPONENT =
  'name: Shout\ndescription: Writes in capitals.\nimplementation:\n  container: {image: alpine, command: [echo]}\n';

test('A component is found at its path, listed, and not sent again when it has not changed.', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-components-'));
  try {
    await mkdir(join(folder, 'shout'));
    await writeFile(join(folder, 'shout', 'component.yaml'), COMPONENT);
    await using server = await testServer({ componentsDir: folder });
    const url = `${server.url}/components/shout/component.yaml`;
    const response = await fetch(url);
    assert.equal(await response.text(), COMPONENT);
    const again = await fetch(url, { headers: { 'if-none-match': response.headers.get('etag')! } });
    assert.equal(again.status, 304);
    assert.equal((await server.call('GET', '/components/index.json')).json['count'], 1);
    for (const path of ['/components/absent/component.yaml', '/components/..%2f..%2fetc%2fpasswd']) {
      assert.equal((await server.call('GET', path)).status, 404);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
