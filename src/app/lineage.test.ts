import assert from 'node:assert/strict';
import { test } from 'node:test';
import { artifact, batch, lineage, run, task } from '../../test/contract/store-fixtures.ts';
import { testApp } from '../../test/support/test-app.ts';
import type { App } from './app.ts';
import { artifactLineage } from './lineage.ts';

/** `raw` is read by r1's step 1, which writes `clean`; r2's steps 1 and 2 read that and write `model` and `report`. */
async function chain({ store }: App): Promise<void> {
  await store.commit(
    batch({
      runs: [run('r1'), run('r2')],
      tasks: [task('r1', 0, { kind: 'dag' }), task('r1', 1), task('r2', 1), task('r2', 2)],
      artifacts: ['raw', 'clean', 'model', 'report'].map((id) => artifact(id, { name: id })),
      lineage: [
        lineage('r1', 1, { artifactId: 'raw', direction: 'input', name: 'in' }),
        lineage('r1', 1, { artifactId: 'clean', direction: 'output', name: 'out' }),
        lineage('r1', 0, { artifactId: 'clean', direction: 'output', name: 'result' }),
        lineage('r2', 1, { artifactId: 'clean', direction: 'input', name: 'in' }),
        lineage('r2', 1, { artifactId: 'model', direction: 'output', name: 'out' }),
        lineage('r2', 2, { artifactId: 'clean', direction: 'input', name: 'in' }),
        lineage('r2', 2, { artifactId: 'report', direction: 'output', name: 'out' }),
      ],
    }),
  );
}

async function around(app: App, id: string, depth: number) {
  const found = await artifactLineage(app, id, depth);
  return {
    artifacts: found.artifacts.map((row) => row.id).toSorted(),
    executions: found.executions.map(({ task: row }) => `${row.runId}.${row.task}`).toSorted(),
    edges: found.edges.length,
    isTruncated: found.isTruncated,
  };
}

test('What made an artifact and what used it is found across runs, without the groups.', async () => {
  await using given = await testApp();
  await chain(given.app);
  assert.deepEqual(await around(given.app, 'clean', 1), {
    artifacts: ['clean', 'model', 'raw', 'report'],
    executions: ['r1.1', 'r2.1', 'r2.2'],
    edges: 6,
    isTruncated: false,
  });
});

test('It goes as many executions far as is asked for.', async () => {
  await using given = await testApp();
  await chain(given.app);
  assert.deepEqual((await around(given.app, 'raw', 0)).executions, []);
  assert.deepEqual((await around(given.app, 'raw', 1)).artifacts, ['clean', 'raw']);
  assert.deepEqual((await around(given.app, 'raw', 2)).executions, ['r1.1', 'r2.1', 'r2.2']);
  assert.equal((await around(given.app, 'raw', 1)).edges, 2);
});

test('An artifact that is read by more than can be shown is truncated.', async () => {
  await using given = await testApp();
  const numbers = Array.from({ length: 250 }, (_, index) => index + 1);
  await given.app.store.commit(
    batch({
      runs: [run('r1')],
      tasks: numbers.map((number) => task('r1', number)),
      artifacts: [artifact('a')],
      lineage: numbers.map((number) => lineage('r1', number, { artifactId: 'a', direction: 'input', name: 'in' })),
    }),
  );
  const found = await artifactLineage(given.app, 'a', 1);
  assert.deepEqual([found.executions.length, found.edges.length, found.isTruncated], [200, 200, true]);
});

test('What a deleted run has left behind is passed over.', async () => {
  await using given = await testApp();
  await chain(given.app);
  await given.app.catalogue.deleteRun('r1');
  assert.deepEqual((await around(given.app, 'clean', 2)).executions, ['r2.1', 'r2.2']);
});

test('An artifact that is not there is not found.', async () => {
  await using given = await testApp();
  await assert.rejects(artifactLineage(given.app, 'gone', 1), { code: 'NOT_FOUND', message: 'Artifact gone not found' });
});
