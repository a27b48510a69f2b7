import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Pool, PoolClient } from 'pg';
import { ProductError } from '../../base/errors.ts';
import { MIGRATION_NAMES, type MigrationName } from '../migrations/migration-names.ts';
import { migrationsFor } from '../migrations/migrations.ts';
import type { StoreSchema } from '../schema.ts';
import { byteOrder } from './byte-order.ts';
import { explainPostgresError, placeOf } from './postgres-errors.ts';

export interface OpenPostgresOptions {
  /** `postgres://user:password@host:port/database`, with pg's parameters (`sslmode`, `host` for a socket's folder). */
  readonly url: string;
  /** Connections at once. Default: 10. */
  readonly connections?: number;
}

export interface OpenPool {
  readonly pool: Pool;
  readonly kysely: Kysely<StoreSchema>;
  /** Names the database in messages. */
  readonly place: string;
}

const DEFAULT_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** bigint and numeric: milliseconds, bytes and counts, all of them far below 2^53. */
const NUMBERS: ReadonlySet<number> = new Set([20, 1700]);

/** Connects, brings the tables up to date and refuses, with a ProductError, what it must not touch. */
export async function openPool({ url, connections = DEFAULT_CONNECTIONS }: OpenPostgresOptions): Promise<OpenPool> {
  const pg = (await import('pg')).default;
  const place = placeOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'pipewright',
    keepAlive: true,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        NUMBERS.has(oid) ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  });
  // A connection that ends is replaced when the next one is wanted; who was using it is told by what it asked for.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const kysely = new Kysely<StoreSchema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(pool, kysely, place);
    return { pool, kysely, place };
  } catch (error) {
    await pool.end();
    throw explainPostgresError(error, place);
  }
}

/** Servers that start at the same time take turns: the migrator holds a lock of the database while it works. */
async function migrate(pool: Pool, kysely: Kysely<StoreSchema>, place: string): Promise<void> {
  const client = await pool.connect();
  try {
    const executed = await executedMigrations(client);
    const unknown = executed.find((name) => !MIGRATION_NAMES.includes(name as MigrationName));
    if (unknown !== undefined) {
      throw new ProductError('UNSUPPORTED', `the database ${place} was written by a newer version (it has ${unknown})`, {
        hint: 'use that version or a newer one, or another database (--database)',
      });
    }
    if (executed.length === MIGRATION_NAMES.length) return;
    if (executed.length === 0) await refuseForeignTables(client, place);
  } finally {
    client.release();
  }
  const provider = { getMigrations: async () => migrationsFor({ withoutRowid: false, dialect: 'postgres' }) };
  const { error } = await new Migrator({
    db: kysely.withPlugin(byteOrder()),
    provider,
    allowUnorderedMigrations: true,
  }).migrateToLatest();
  if (error !== undefined) throw error;
}

async function executedMigrations(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ found: string | null }>(`select to_regclass('kysely_migration')::text as found`);
  if (rows[0]?.found === null) return [];
  const executed = await client.query<{ name: string }>('select name from kysely_migration order by name');
  return executed.rows.map(({ name }) => name);
}

async function refuseForeignTables(client: PoolClient, place: string): Promise<void> {
  const { rows } = await client.query(`select 1 from pg_tables where schemaname = current_schema() and tablename = 'runs'`);
  if (rows.length === 0) return;
  throw new ProductError('UNSUPPORTED', `the database ${place} has tables of another program`, {
    hint: 'create a database of its own and name that (--database)',
  });
}
