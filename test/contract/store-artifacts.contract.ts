import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactQuery } from '../../src/store/store.ts';
import { artifact, batch, lineage, run, SCOPE } from './store-fixtures.ts';
import type { OpenStore } from './store.contract.ts';

const ARTIFACTS = [
  artifact('a1', { createdAtMs: 1, metadata: { accuracy: 0.5, tags: ['x', 'y'] } }),
  artifact('a2', { createdAtMs: 3, metadata: { accuracy: 0.5, tags: ['x'], note: null } }),
  artifact('a3', { createdAtMs: 2, name: 'data', type: { schemaTitle: 'system.Dataset' }, uri: 's3://bucket/it%27s "here"' }),
  artifact('a4', { createdAtMs: 4, type: { instanceSchema: 'title: tfx.Model\ntype: object\n' } }),
  artifact('a5', { createdAtMs: 5, namespace: 'team' }),
  artifact('a6', { createdAtMs: 6, pipelineName: 'other' }),
  artifact('a7', { createdAtMs: 7, type: {}, metadata: { nested: { b: 2, a: [1, null] } } }),
];

const QUERIES: readonly [string, Partial<ArtifactQuery>, readonly string[]][] = [
  ['all of a pipeline, newest first', {}, ['a7', 'a4', 'a2', 'a3', 'a1']],
  ['no more than the limit', { limit: 2 }, ['a7', 'a4']],
  ['none for a limit of 0', { limit: 0 }, []],
  ['those of a schema title', { typeName: 'system.Model' }, ['a2', 'a1']],
  ['those of an instance schema', { typeName: 'tfx.Model' }, ['a4']],
  ['those of another namespace', { namespace: 'team' }, ['a5']],
  ['those of another pipeline', { pipelineName: 'other' }, ['a6']],
  ['those of a URI', { uri: 's3://bucket/it%27s "here"' }, ['a3']],
  ['none of a URI with another type', { uri: 's3://bucket/it%27s "here"', typeName: 'system.Model' }, []],
  ['those of a URI with its type', { uri: 's3://bucket/it%27s "here"', typeName: 'system.Dataset' }, ['a3']],
  ['those of a name', { name: 'data' }, ['a3']],
  ['those whose metadata has a number', { metadata: { accuracy: 0.5 } }, ['a2', 'a1']],
  ['those whose metadata has all members', { metadata: { accuracy: 0.5, tags: ['x', 'y'] } }, ['a1']],
  ['the limit counted after metadata', { metadata: { accuracy: 0.5 }, limit: 1 }, ['a2']],
  ['null in metadata apart from nothing', { metadata: { note: null } }, ['a2']],
  ['objects in metadata whatever their order', { metadata: { nested: { a: [1, null], b: 2 } } }, ['a7']],
  ['nothing if one member differs', { metadata: { accuracy: 0.5, tags: ['z'] } }, []],
  ['nothing by a member every object inherits', { metadata: { toString: null } }, []],
];

export function artifactRecordsContract(name: string, open: OpenStore): void {
  test(`${name}: an artifact is found by its id, and written again it is replaced.`, async () => {
    await using store = await open();
    await store.commit(batch({ artifacts: [artifact('a1')] }));
    assert.deepEqual(await store.getArtifact('a1'), artifact('a1'));
    await store.commit(batch({ artifacts: [artifact('a1', { sizeBytes: 7, metadata: { x: 1 } })] }));
    assert.deepEqual(await store.getArtifact('a1'), artifact('a1', { sizeBytes: 7, metadata: { x: 1 } }));
    assert.equal(await store.getArtifact('a2'), undefined);
  });

  for (const [what, query, ids] of QUERIES) {
    test(`${name}: finding artifacts gives ${what}.`, async () => {
      await using store = await open();
      await store.commit(batch({ artifacts: ARTIFACTS }));
      const found = await store.findArtifacts({ ...SCOPE, limit: 100, ...query });
      assert.deepEqual(
        found,
        ids.map((id) => ARTIFACTS.find((row) => row.id === id)),
      );
    });
  }

  test(`${name}: lineage tells who wrote and who read an artifact, oldest run first.`, async () => {
    await using store = await open();
    const wrote = lineage('z-first', 3);
    const read = lineage('a-second', 1, { direction: 'input', name: 'trained', position: 2 });
    const readLater = lineage('a-second', 20, { direction: 'input', name: 'trained' });
    const other = lineage('a-second', 1, { artifactId: 'a2' });
    const runs = [run('a-second', { createdAtMs: 20 }), run('z-first', { createdAtMs: 10 })];
    await store.commit(batch({ runs, lineage: [readLater, read, other, wrote] }));
    assert.deepEqual(await store.lineageOfArtifact('a1'), [wrote, read, readLater]);
    assert.deepEqual(await store.lineageOfRun('a-second'), [read, other, readLater]);
    assert.deepEqual(await store.lineageOfRun('z-first'), [wrote]);
    assert.deepEqual(await store.lineageOfArtifact('nothing'), []);
  });

  test(`${name}: a task that wrote anew under the same name has its new artifact in the lineage.`, async () => {
    await using store = await open();
    await store.commit(batch({ lineage: [lineage('r1', 1, { artifactId: 'before' })] }));
    await store.commit(batch({ lineage: [lineage('r1', 1, { artifactId: 'after' })] }));
    assert.deepEqual(await store.lineageOfRun('r1'), [lineage('r1', 1, { artifactId: 'after' })]);
    assert.deepEqual(await store.lineageOfArtifact('before'), []);
  });
}
