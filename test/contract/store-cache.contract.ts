import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batch, cached, SCOPE } from './store-fixtures.ts';
import type { OpenStore } from './store.contract.ts';

export function cacheContract(name: string, open: OpenStore): void {
  test(`${name}: the newest cache entry of a key wins, in whichever order they are written.`, async () => {
    await using store = await open();
    await store.commit(batch({ cache: [cached('k', { taskId: 'old', createdAtMs: 10 })] }));
    await store.commit(batch({ cache: [cached('k', { taskId: 'new', createdAtMs: 30 })] }));
    await store.commit(batch({ cache: [cached('k', { taskId: 'middle', createdAtMs: 20 })] }));
    assert.deepEqual(
      [...(await store.lookupCache(SCOPE, ['k']))],
      [['k', cached('k', { taskId: 'new', createdAtMs: 30 }).entry]],
    );
    await store.commit(batch({ cache: [cached('k', { taskId: 'later', createdAtMs: 30 })] }));
    assert.equal((await store.lookupCache(SCOPE, ['k'])).get('k')?.taskId, 'later', 'of two of one time, the later written');
  });

  test(`${name}: cache entries are found and forgotten within their namespace and pipeline only.`, async () => {
    await using store = await open();
    const scopes = [SCOPE, { ...SCOPE, namespace: 'team' }, { ...SCOPE, pipelineName: 'other' }];
    await store.commit(batch({ cache: scopes.map((scope, index) => cached('k', { taskId: `t${index}` }, scope)) }));
    const owners = () => Promise.all(scopes.map(async (scope) => (await store.lookupCache(scope, ['k'])).get('k')?.taskId));
    assert.deepEqual(await owners(), ['t0', 't1', 't2']);
    await store.removeCacheEntries(scopes[1]!, ['k', 'never written']);
    assert.deepEqual(await owners(), ['t0', undefined, 't2']);
  });

  test(`${name}: thousands of keys are looked up at once, and those without an entry are left out.`, async () => {
    await using store = await open();
    const keys = Array.from({ length: 5_000 }, (_, index) => `key-${index}`);
    await store.commit(batch({ cache: keys.filter((_, index) => index % 2 === 0).map((key) => cached(key)) }));
    const found = await store.lookupCache(SCOPE, keys);
    assert.equal(found.size, 2_500);
    assert.equal(found.has('key-1'), false);
    assert.deepEqual(found.get('key-4998'), cached('key-4998').entry);
    await store.removeCacheEntries(SCOPE, keys);
    assert.equal((await store.lookupCache(SCOPE, keys)).size, 0);
    assert.equal((await store.lookupCache(SCOPE, [])).size, 0);
  });
}
