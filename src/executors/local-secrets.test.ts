import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSecretStore } from './local-secrets.ts';

async function withStore(work: (store: ReturnType<typeof openSecretStore>, dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-secrets-'));
  try {
    await work(openSecretStore(dataDir), dataDir);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

test('a secret is replaced as a whole, listed without values, and removed.', () =>
  withStore(async (store, dataDir) => {
    assert.deepEqual(await store.list('secret'), []);
    await store.create('secret', 'db', { user: 'a', password: 'b' });
    await store.create('secret', 'db', { password: 'c' });
    await store.create('configmap', 'db', { mode: 'x' });
    assert.deepEqual(await store.read('secret', 'db'), { password: 'c' });
    assert.deepEqual(await store.list('secret'), [{ name: 'db', keys: ['password'] }]);
    assert.equal(statSync(join(dataDir, 'secrets/db/password')).mode & 0o777, 0o600);
    assert.equal(statSync(join(dataDir, 'secrets')).mode & 0o777, 0o700);
    assert.equal(await store.remove('secret', 'db'), true);
    assert.equal(await store.remove('secret', 'db'), false);
    assert.equal(await store.read('secret', 'db'), undefined);
    assert.deepEqual(await store.read('configmap', 'db'), { mode: 'x' });
  }));

test('names and keys that Kubernetes would not take are refused.', () =>
  withStore(async (store) => {
    for (const name of ['', '..', '../x', 'Upper', '-a', 'a/b', 'x'.repeat(254)]) {
      await assert.rejects(store.create('secret', name, {}), /cannot be the name/);
      assert.equal(await store.read('secret', name), undefined);
    }
    for (const key of ['', '.', '..', 'a/b', 'ä'])
      await assert.rejects(store.create('secret', 'a', { [key]: '' }), /cannot be a key/);
    await assert.rejects(store.create('secret', 'a', { big: 'x'.repeat(2 ** 20 + 1) }), /the limit is/);
  }));
