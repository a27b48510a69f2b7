import { after, before, describe } from 'node:test';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { accessContract } from '../contract/access.contract.ts';
import { catalogueContract } from '../contract/catalogue.contract.ts';
import { storeContract } from '../contract/store.contract.ts';
import { emptyTables, NO_POSTGRES, type PostgresCluster, startPostgres } from '../support/postgres-cluster.ts';

describe('on PostgreSQL', { skip: NO_POSTGRES }, () => {
  let cluster: PostgresCluster;
  let url: string;
  before(async () => {
    cluster = await startPostgres();
    url = await cluster.createDatabase('contract');
  });
  after(() => cluster[Symbol.asyncDispose]());

  const open = async () => {
    await emptyTables(url);
    return await openPostgresStore({ url, connections: 3 });
  };
  storeContract('PostgreSQL', open);
  catalogueContract('PostgreSQL catalogue', async () => {
    const store = await open();
    return { store, catalogue: store.catalogue(), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  });
  accessContract('PostgreSQL access', async () => {
    const store = await open();
    return { access: store.access(), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  });
});
