import assert from 'node:assert/strict';
import { test } from 'node:test';
import { artifact, batch } from '../../../test/contract/store-fixtures.ts';
import { testApp } from '../../../test/support/test-app.ts';
import { numericId } from '../numeric-id.ts';
import { knownIds } from './known-ids.ts';

const IDS = Array.from({ length: 450 }, (_, index) => `a${index}`);

async function withArtifacts() {
  const given = await testApp();
  await given.app.store.commit(batch({ artifacts: IDS.map((id, at) => artifact(id, { createdAtMs: at })) }));
  let pages = 0;
  const { catalogue } = given.app;
  const listArtifacts: typeof catalogue.listArtifacts = (query) => {
    pages += 1;
    return catalogue.listArtifacts(query);
  };
  return { given, ids: knownIds({ ...given.app, catalogue: { ...catalogue, listArtifacts } }), pages: () => pages };
}

const named = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).toSorted();

test('An id that was shown is known by its number, without a search.', async () => {
  const { given, ids, pages } = await withArtifacts();
  await using _ = given;
  ids.show('a7');
  assert.equal(ids.textOf(numericId('a7')), 'a7');
  assert.deepEqual(named(await ids.artifacts([numericId('a7')])), ['a7']);
  assert.equal(pages(), 0);
});

test('Artifacts that were not shown are found in one pass, however many are asked for.', async () => {
  const { given, ids, pages } = await withArtifacts();
  await using _ = given;
  const wanted = [numericId('a0'), numericId('a449'), numericId('a0')];
  assert.deepEqual(named(await ids.artifacts(wanted)), ['a0', 'a449']);
  assert.equal(pages(), 3);
});

test('The search ends with the last that is wanted.', async () => {
  const { given, ids, pages } = await withArtifacts();
  await using _ = given;
  assert.deepEqual(named(await ids.artifacts([numericId('a449')])), ['a449']);
  assert.equal(pages(), 1);
});

test('A thousand numbers that nobody knows cost one pass.', async () => {
  const { given, ids, pages } = await withArtifacts();
  await using _ = given;
  assert.deepEqual(await ids.artifacts(Array.from({ length: 1_000 }, (_number, index) => index + 1)), []);
  assert.equal(pages(), 3);
});

test('An id that was shown and is no artifact is none.', async () => {
  const { given, ids } = await withArtifacts();
  await using _ = given;
  ids.show('run-1');
  assert.deepEqual(await ids.artifacts([numericId('run-1')]), []);
});
