import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { batch, run, tick } from '../contract/store-fixtures.ts';
import { NO_POSTGRES, type PostgresCluster, query, startPostgres } from '../support/postgres-cluster.ts';

describe('a PostgreSQL server', { skip: NO_POSTGRES }, () => {
  let cluster: PostgresCluster;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster[Symbol.asyncDispose]());

  test('Two servers that start at once on an empty database both find its tables.', async () => {
    const url = await cluster.createDatabase('at_once');
    const stores = await Promise.all([1, 2, 3].map(() => openPostgresStore({ url })));
    await stores[0]!.commit(batch({ runs: [run('r1')] }));
    for (const store of stores) {
      assert.deepEqual(await store.getRun('r1'), run('r1'));
      await store[Symbol.asyncDispose]();
    }
  });

  test('A restart of the server is waited for, and nothing is written twice.', async () => {
    await using store = await openPostgresStore({ url: await cluster.createDatabase('restarted') });
    await store.commit(batch({ runs: [run('r1')], events: [tick('r1', 0)] }));
    const restarted = cluster.restart();
    const written = [1, 2, 3].map((sequence) => store.commit(batch({ events: [tick('r1', sequence)], durable: true })));
    await Promise.all([restarted, ...written]);
    assert.deepEqual(
      (await store.loadEvents('r1')).map(({ sequence }) => sequence),
      [0, 1, 2, 3],
    );
  });

  test('Servers that write the same rows in different orders do not stop each other.', async () => {
    const url = await cluster.createDatabase('crossing');
    await using left = await openPostgresStore({ url });
    await using right = await openPostgresStore({ url });
    const rows = ['r1', 'r2', 'r3'].map((id) => run(id));
    const states = ['RUNNING', 'SUCCEEDED', 'FAILED', 'PENDING'] as const;
    await Promise.all(
      Array.from({ length: 40 }, (_, round) => {
        const runs = rows.map((row, index) => ({ ...row, state: states[(round + index) % states.length]! }));
        return (round % 2 ? left : right).commit(batch({ runs: round % 3 ? runs : runs.toReversed() }));
      }),
    );
    const counted = await query(url, 'select sum(runs)::int as total, min(runs)::int as least from run_counts');
    assert.deepEqual(counted, [{ total: 3, least: 0 }]);
  });

  const refusals: readonly [string, string, RegExp, RegExp][] = [
    [
      'that does not listen',
      'postgres://tests@127.0.0.1:1/x',
      /x on 127\.0\.0\.1:1 cannot be used: there is no connection/,
      /runs/,
    ],
    ['without the database', '', /no_such_database on .* there is no such database/, /createdb/],
  ];
  for (const [what, given, message, hint] of refusals) {
    test(`A server ${what} is told with the next step and without the password.`, async () => {
      const url = given || cluster.url('no_such_database').replace('tests@', 'tests:secret@');
      await assert.rejects(openPostgresStore({ url }), (error: Error & { code?: string; hint?: string }) => {
        assert.equal(error.code, 'UNAVAILABLE');
        assert.match(error.message, message);
        assert.match(error.hint ?? '', hint);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    });
  }

  test('A database of a newer version or of another program is refused and left as it is.', async () => {
    const newer = await cluster.createDatabase('newer');
    await (await openPostgresStore({ url: newer }))[Symbol.asyncDispose]();
    await query(newer, `insert into kysely_migration values ('9999-from-the-future', '')`);
    await assert.rejects(openPostgresStore({ url: newer }), { code: 'UNSUPPORTED', message: /newer version/ });
    const foreign = await cluster.createDatabase('foreign_tables');
    await query(foreign, 'create table runs (title text)');
    await assert.rejects(openPostgresStore({ url: foreign }), { code: 'UNSUPPORTED', message: /another program/ });
    const tables = await query(foreign, `select tablename from pg_tables where schemaname = 'public'`);
    assert.deepEqual(tables, [{ tablename: 'runs' }]);
  });
});
