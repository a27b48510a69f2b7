import { describe, before, after } from 'node:test';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { retentionContract } from '../contract/retention.contract.ts';
import { emptyTables, NO_POSTGRES, startPostgres, type PostgresCluster } from '../support/postgres-cluster.ts';

retentionContract('SQLite', async () => {
  const store = await openSqliteStore({ file: ':memory:' });
  return {
    store,
    catalogue: store.catalogue(),
    retention: store.retention(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
});

describe('on PostgreSQL', { skip: NO_POSTGRES }, () => {
  let cluster: PostgresCluster;
  let url: string;
  before(async () => {
    cluster = await startPostgres();
    url = await cluster.createDatabase('retention');
  });
  after(() => cluster[Symbol.asyncDispose]());
  retentionContract('PostgreSQL', async () => {
    await emptyTables(url);
    const store = await openPostgresStore({ url, connections: 2 });
    return {
      store,
      catalogue: store.catalogue(),
      retention: store.retention(),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  });
});
