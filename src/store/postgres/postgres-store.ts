import type { Kysely } from 'kysely';
import type { AccessSchema } from '../access-records.ts';
import type { AccessStore } from '../access-store.ts';
import type { CatalogueStore } from '../catalogue-store.ts';
import { kyselyAccess } from '../kysely-access.ts';
import { catalogueScripts } from '../sql/catalogue.ts';
import { POSTGRES_DIALECT } from '../sql/dialect.ts';
import { STORE_SCRIPTS, type StoreQueries } from '../sql/recorded-runs.ts';
import { answerWith } from '../sql/script.ts';
import type { Store } from '../store.ts';
import { writeBatch } from './commit.ts';
import { openPool, type OpenPool, type OpenPostgresOptions } from './open-pool.ts';
import { onClient, scriptRunner, withRetries } from './run-script.ts';

export interface PostgresStore extends Store {
  catalogue(): CatalogueStore;
  access(): AccessStore;
}

/**
 * The store in a PostgreSQL database, which several servers may share. A connection that is lost is waited for and what was under
 * way is done again. Throws UNAVAILABLE when the server cannot be reached, UNSUPPORTED when the database is not ours or newer.
 */
export async function openPostgresStore(options: OpenPostgresOptions): Promise<PostgresStore> {
  const opened = await openPool(options);
  const run = scriptRunner(opened);
  return {
    name: 'postgres',
    catalogue: () => answerWith<CatalogueStore>(catalogueScripts(POSTGRES_DIALECT), run),
    access: () => postgresAccess(opened),
    ...answerWith<StoreQueries>(STORE_SCRIPTS, run),
    commit: (batch) =>
      withRetries(opened, (isRepetition) => onClient(opened, 'durable', (client) => writeBatch(client, batch, { isRepetition }))),
    async [Symbol.asyncDispose]() {
      await opened.kysely.destroy();
      // Kysely ends the pool only if it has used it.
      if (!opened.pool.ending) await opened.pool.end();
    },
  };
}

function postgresAccess(opened: OpenPool): AccessStore {
  const methods = Object.entries(kyselyAccess(opened.kysely as unknown as Kysely<AccessSchema>)).map(([name, method]) => [
    name,
    (...args: readonly unknown[]) =>
      withRetries(opened, () => (method as (...given: readonly unknown[]) => Promise<unknown>)(...args)),
  ]);
  return Object.fromEntries(methods) as AccessStore;
}
