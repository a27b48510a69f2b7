import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogueStore } from '../../src/store/catalogue-store.ts';
import type { RetentionStore } from '../../src/store/retention-store.ts';
import type { Store } from '../../src/store/store.ts';
import { details } from './catalogue.contract.ts';
import { artifact, batch, cached, lineage, run, SCOPE, task } from './store-fixtures.ts';

export interface OpenRetention extends AsyncDisposable {
  readonly store: Store;
  readonly catalogue: CatalogueStore;
  readonly retention: RetentionStore;
}

/** What is asked of every store to let go of old runs. */
export function retentionContract(name: string, open: () => Promise<OpenRetention>): void {
  const check = (title: string, body: (opened: OpenRetention) => Promise<void>): unknown =>
    test(`${name}: ${title}`, async () => {
      await using opened = await open();
      await body(opened);
    });

  check('ended runs come in the order of their creation, page by page.', async ({ store, catalogue, retention }) => {
    const runs = [
      run('a', { state: 'SUCCEEDED', createdAtMs: 10, endedAtMs: 50 }),
      run('b', { state: 'FAILED', createdAtMs: 10, endedAtMs: 20, namespace: 'team' }),
      run('c', { state: 'RUNNING', createdAtMs: 11 }),
      run('d', { state: 'CANCELED', createdAtMs: 12 }),
      run('e', { state: 'SUCCEEDED', createdAtMs: 99, endedAtMs: 100 }),
    ];
    await store.commit(batch({ runs }));
    await catalogue.setRunStorage('a', 'ARCHIVED');
    const query = { createdBeforeMs: 99, limit: 2 };
    const first = await retention.endedRuns({ ...query });
    assert.deepEqual(
      first.map(({ runId, isArchived, endedAtMs, namespace }) => [runId, isArchived, endedAtMs, namespace]),
      [
        ['a', true, 50, 'default'],
        ['b', false, 20, 'team'],
      ],
    );
    const second = await retention.endedRuns({ ...query, after: first[1] });
    assert.deepEqual(
      second.map(({ runId, endedAtMs }) => [runId, endedAtMs]),
      [['d', 12]],
    );
    assert.equal(await retention.createdAtOfNewest('default', 2), 12);
    assert.equal(await retention.createdAtOfNewest('default', 3), 10);
    assert.equal(await retention.createdAtOfNewest('default', 4), undefined);
    assert.deepEqual(await retention.existingRuns(['a', 'x', 'e']), ['a', 'e']);
  });

  check(
    'what another run made, reads or took over is needed; a maker that is gone needs nothing.',
    async ({ store, retention }) => {
      await store.commit(
        batch({
          runs: [run('r1'), run('r2')],
          artifacts: [
            artifact('own', { runId: 'r1', uri: '/root/p/r1/own' }),
            artifact('read', { runId: 'r1', uri: '/root/p/r1/read' }),
            artifact('other', { runId: 'r2', uri: '/root/p/r2/other' }),
            artifact('orphan', { runId: 'gone', uri: '/root/p/gone/orphan' }),
            artifact('copy', { runId: 'r2', uri: '/root/p/r1/own/part' }),
            artifact('beside', { runId: 'r2', uri: '/root/p/r10/x' }),
          ],
          lineage: [
            lineage('r1', 1, { artifactId: 'own' }),
            lineage('r1', 2, { artifactId: 'read' }),
            lineage('r2', 1, { artifactId: 'read', direction: 'input' }),
            lineage('r1', 3, { artifactId: 'other', direction: 'input' }),
            lineage('r2', 3, { artifactId: 'other' }),
            lineage('r1', 4, { artifactId: 'orphan', direction: 'input' }),
          ],
        }),
      );
      const { artifacts, foreignUris } = await retention.artifactsOfRun('r1', '/root/p/r1');
      assert.deepEqual(artifacts.map(({ id, isNeeded }) => `${id} ${String(isNeeded)}`).toSorted(), [
        'orphan false',
        'other true',
        'own false',
        'read true',
      ]);
      assert.deepEqual(foreignUris, ['/root/p/r1/own/part']);
      await retention.deleteArtifactsUsedOnlyBy('r1', ['own', 'read', 'other', 'orphan']);
      const left = await Promise.all(['own', 'read', 'other', 'orphan'].map((id) => store.getArtifact(id)));
      assert.deepEqual(
        left.map((row) => row?.id),
        [undefined, 'read', 'other', undefined],
      );
    },
  );

  check('cache entries go with the run that made them, not those that took their place.', async ({ store, retention }) => {
    await store.commit(
      batch({
        runs: [run('r1')],
        tasks: [task('r1', 1, { cacheKey: 'k1' }), task('r1', 2, { cacheKey: 'k2' })],
        cache: [cached('k1', { taskId: 'r1.1' }), cached('k2', { taskId: 'r2.7' })],
      }),
    );
    await retention.removeCacheEntriesOfRun('r1');
    assert.deepEqual([...(await store.lookupCache(SCOPE, ['k1', 'k2'])).keys()], ['k2']);
  });

  check('a document goes when nothing refers to it.', async ({ store, catalogue, retention }) => {
    for (const digest of ['d1', 'd2', 'd3']) await store.saveDocument(digest, `body of ${digest}`);
    await store.commit(batch({ runs: [run('r1', { documentDigest: 'd1' })] }));
    await catalogue.prepareRun(details('r9', { inlineSpecDigest: 'd2' }));
    assert.deepEqual(await retention.usedDocuments(['d1', 'd2', 'd3']), ['d1', 'd2']);
    assert.deepEqual(await retention.deleteUnusedDocuments(['d1', 'd2', 'd3', 'd4']), [{ digest: 'd3', body: 'body of d3' }]);
    assert.equal(await store.loadDocument('d3'), undefined);
    assert.equal(await store.loadDocument('d2'), 'body of d2');
  });
}
