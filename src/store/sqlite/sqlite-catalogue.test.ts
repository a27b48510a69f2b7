import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogueContract } from '../../../test/contract/catalogue.contract.ts';
import { batch, run } from '../../../test/contract/store-fixtures.ts';
import { openDatabase } from './open-database.ts';
import { openSqliteStore } from './sqlite-store.ts';

catalogueContract('sqlite catalogue', async () => {
  const store = await openSqliteStore({ file: ':memory:' });
  return { store, catalogue: store.catalogue(), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
});

const walks: readonly [string, string][] = [
  [`experiment_id = 'e' order by created_at_ms desc, run_id desc`, 'runs_experiment'],
  [`storage_state = 'ARCHIVED' order by created_at_ms desc, run_id desc`, 'runs_storage'],
  [`state = 'FAILED' order by created_at_ms desc, run_id desc`, 'runs_state'],
  [`(created_at_ms, run_id) < (5, 'x') order by created_at_ms desc, run_id desc`, 'runs_created'],
];

for (const [condition, index] of walks) {
  test(`Runs with ${condition} are read along the index ${index} without sorting.`, async () => {
    const { database } = await openDatabase({ file: ':memory:' });
    const plan = database.prepare(`explain query plan select * from runs where ${condition}`).all();
    database.close();
    const text = plan.map((step) => step['detail']).join('; ');
    assert.match(text, new RegExp(`USING INDEX ${index}\\b`));
    assert.doesNotMatch(text, /TEMP B-TREE/);
  });
}

test('A name is found among very many that have the same letters in another order.', async () => {
  await using store = await openSqliteStore({ file: ':memory:' });
  const others = Array.from({ length: 20_001 }, (_, at) => run(`r${at}`, { displayName: 'xyx yxy', createdAtMs: at }));
  await store.commit(batch({ runs: [...others, run('sought', { displayName: 'xyxyx', createdAtMs: 99_999 })] }));
  const contains = { field: 'display_name', operation: 'contains', values: ['xyxyx'] } as const;
  const sort = { field: 'created_at_ms', descending: false };
  const page = await store.catalogue().listCataloguedRuns({ predicates: [contains], sort, limit: 10 });
  assert.deepEqual([page.rows.map((row) => row.run.runId), page.total], [['sought'], 1]);
});
