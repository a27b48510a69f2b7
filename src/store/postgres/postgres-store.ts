import type { Kysely } from 'kysely';
import type { ClientBase } from 'pg';
import type { AccessSchema } from '../access-records.ts';
import type { AccessStore } from '../access-store.ts';
import type { RetentionStore } from '../retention-store.ts';
import type { CatalogueStore } from '../catalogue-store.ts';
import { kyselyAccess } from '../kysely-access.ts';
import type { Leases } from '../leases.ts';
import { catalogueScripts } from '../sql/catalogue.ts';
import { POSTGRES_DIALECT } from '../sql/dialect.ts';
import { STORE_SCRIPTS, type StoreQueries } from '../sql/recorded-runs.ts';
import { RETENTION_SCRIPTS } from '../sql/retention.ts';
import { answerWith } from '../sql/script.ts';
import type { CommitBatch, Store } from '../store.ts';
import { writeBatch } from './commit.ts';
import { openPool, type OpenPool, type OpenPostgresOptions } from './open-pool.ts';
import { type LeaseOptions, postgresLeases } from './postgres-leases.ts';
import { onClient, scriptRunner, withRetries } from './run-script.ts';

export interface PostgresStore extends Store {
  /** With them, what is recorded is recorded as the holder of its runs; absent without `leases`. */
  readonly leases?: Leases;
  catalogue(): CatalogueStore;
  access(): AccessStore;
  /** Letting go of old runs. */
  retention(): RetentionStore;
}

/**
 * The store in a PostgreSQL database, which several servers may share. A connection that is lost is waited for and what was under
 * way is done again. Throws UNAVAILABLE when the server cannot be reached, UNSUPPORTED when the database is not ours or newer.
 */
export async function openPostgresStore({
  leases: leaseOptions,
  ...options
}: OpenPostgresOptions & { readonly leases?: LeaseOptions | undefined }): Promise<PostgresStore> {
  const opened = await openPool(options);
  const run = scriptRunner(opened);
  const leases = leaseOptions && postgresLeases(opened, leaseOptions);
  const commit = async (client: ClientBase, batch: CommitBatch, isRepetition: boolean) => {
    await leases?.check(client, batch);
    await writeBatch(client, batch, { isRepetition });
    await leases?.finish(client, batch);
  };
  return {
    name: 'postgres',
    ...(leases && { leases }),
    catalogue: () => answerWith<CatalogueStore>(catalogueScripts(POSTGRES_DIALECT), run),
    access: () => postgresAccess(opened),
    retention: () => answerWith<RetentionStore>(RETENTION_SCRIPTS, run),
    ...answerWith<StoreQueries>(STORE_SCRIPTS, run),
    commit: (batch) =>
      withRetries(opened, (isRepetition) => onClient(opened, 'durable', (client) => commit(client, batch, isRepetition))),
    async [Symbol.asyncDispose]() {
      await leases?.[Symbol.asyncDispose]();
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
