import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { documentCache } from './documents.ts';

function countedStore() {
  const bodies = new Map<string, string>();
  let loads = 0;
  return {
    loads: () => loads,
    saveDocument: async (digest: string, body: string) => {
      bodies.set(digest, body);
    },
    loadDocument: async (digest: string) => {
      loads += 1;
      return bodies.get(digest);
    },
  };
}

const body = (name: string, description = '') =>
  JSON.stringify({
    ...stepPipeline({ name, steps: { only: { sh: 'true' } } }),
    pipelineInfo: { name, description },
  });

test('A text is kept under its SHA-256 and comes back as it was.', async () => {
  const documents = documentCache(countedStore());
  const digest = await documents.save('a: ☕');
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.equal(await documents.text(digest), 'a: ☕');
});

test('A pipeline is read once; who asks again is given the same object.', async () => {
  const store = countedStore();
  const documents = documentCache(store);
  const digest = await documents.save(body('one'));
  const first = await documents.pipeline(digest);
  assert.equal(first.spec.pipelineInfo.name, 'one');
  assert.equal(await documents.pipeline(digest), first);
  assert.equal(store.loads(), 1);
});

test('Of many pipelines, those used last stay in memory.', async () => {
  const store = countedStore();
  const documents = documentCache(store);
  const digests: string[] = [];
  for (let index = 0; index < 65; index += 1) {
    digests.push(await documents.save(body(`p${index}`)));
    await documents.pipeline(digests[index]!);
    // The first one is used again and again.
    await documents.pipeline(digests[0]!);
  }
  const before = store.loads();
  await documents.pipeline(digests[0]!);
  assert.equal(store.loads(), before);
  await documents.pipeline(digests[1]!);
  assert.equal(store.loads(), before + 1);
});

test('Of large pipelines, fewer stay in memory.', async () => {
  const store = countedStore();
  const documents = documentCache(store);
  const large = 'x'.repeat(24 * 2 ** 20);
  const digests = [
    await documents.save(body('a', large)),
    await documents.save(body('b', large)),
    await documents.save(body('c', large)),
  ];
  for (const digest of digests) await documents.pipeline(digest);
  const before = store.loads();
  await documents.pipeline(digests[2]!);
  assert.equal(store.loads(), before);
  await documents.pipeline(digests[0]!);
  assert.equal(store.loads(), before + 1);
});

test('A text that is gone is told by its digest.', async () => {
  await assert.rejects(documentCache(countedStore()).pipeline('abc'), { code: 'NOT_FOUND', message: /document abc/ });
});
