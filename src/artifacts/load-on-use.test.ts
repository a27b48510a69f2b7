import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactStore } from './artifact-store.ts';
import { loadOnUse } from './load-on-use.ts';

const stored: ArtifactStore = {
  name: 'far',
  defaultPipelineRoot: '',
  handles: () => true,
  localPath: () => undefined,
  size: async () => 3,
  exists: async () => true,
  read: async () => Promise.reject(new Error('not read here')),
  adopt: async () => {},
  materialise: async () => {},
  remove: async () => {},
};

test('a store is loaded with the first question about an artifact, and once', async () => {
  let loads = 0;
  const store = loadOnUse({
    name: 'far',
    handles: (uri) => uri.startsWith('far://'),
    load: async () => {
      loads += 1;
      return stored;
    },
  });
  assert.equal(store.handles('far://bucket/key'), true);
  assert.equal(store.handles('/folder'), false);
  assert.equal(store.localPath('far://bucket/key'), undefined);
  assert.equal(loads, 0);
  assert.deepEqual(await Promise.all([store.size('far://bucket/key'), store.exists('far://bucket/key')]), [3, true]);
  assert.deepEqual(await store.list?.('far://bucket/key', 10), [], 'a store need not list');
  assert.equal(loads, 1);
});
