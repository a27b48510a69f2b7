import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { ProductError } from '../../base/errors.ts';
import { MIGRATION_NAMES, type MigrationName } from '../migrations/migration-names.ts';
import type { StoreSchema } from '../schema.ts';
import { copyBeforeUpgrade } from './copy-before-upgrade.ts';
import { explainSqliteError } from './sqlite-errors.ts';

export interface OpenOptions {
  /** Path of the database file, created when missing; `:memory:` for one that lives as long as the store. */
  readonly file: string;
  /** Default: false. */
  readonly readOnly?: boolean;
  /** How long a write waits for another process before it is refused. Default: 5,000. */
  readonly busyTimeoutMs?: number;
}

export interface OpenDatabase {
  readonly database: DatabaseSync;
  /**
   * Kysely on the same connection. It is loaded when somebody needs it (migrations, users and tokens): a start that finds its tables
   * as they should be does without, and is a tenth of a second faster.
   */
  readonly kysely: () => Promise<Kysely<StoreSchema>>;
}

/** Written into the header of our files ("PIPW"), so that a database of something else is recognised. */
const APPLICATION_ID = 0x50_49_50_57;
const BUSY_TIMEOUT_MS = 5_000;
const PAGE_BYTES = 4_096;
/** As much as the largest batch dirties (a frontier of 10,000 tasks with all its rows): more than this is written twice. */
const CACHE_KIB = 65_536;
/** The write-ahead log is copied into the file when it has this many pages (32 MiB), and is cut back to that afterwards. */
const CHECKPOINT_PAGES = 8_192;

/** Opens the file, brings its tables up to date and refuses, with a ProductError, what it must not touch. */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const { file, readOnly = false } = options;
  let database: DatabaseSync | undefined;
  try {
    database = openFile(file, { readOnly, timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS });
    const kysely = lazyKysely(database);
    refuseForeignDatabase(database, file);
    if (readOnly) requireCurrent(database, file);
    else await migrate(database, kysely, file);
    return { database, kysely };
  } catch (error) {
    database?.close();
    throw explainSqliteError(error, file);
  }
}

function openFile(file: string, how: { readonly readOnly: boolean; readonly timeout: number }): DatabaseSync {
  const { readOnly } = how;
  if (file !== ':memory:') {
    if (readOnly && !existsSync(file)) throw new ProductError('NOT_FOUND', `there is no database at ${file}`);
    if (!readOnly) makeFolder(dirname(file));
  }
  const database = new DatabaseSync(file, { ...how, enableForeignKeyConstraints: true });
  try {
    configure(database, readOnly);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new ProductError('UNAVAILABLE', `the folder ${folder} for the database cannot be made`, {
      hint: 'choose another data folder (--data), or check the permissions of its parent',
      cause: error,
    });
  }
}

function configure(database: DatabaseSync, readOnly: boolean): void {
  database.exec(`pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory`);
  if (readOnly) return;
  database.exec(`pragma page_size = ${PAGE_BYTES}; pragma journal_mode = wal; pragma synchronous = normal`);
  database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.exec(`pragma journal_size_limit = ${CHECKPOINT_PAGES * PAGE_BYTES}`);
}

/** A file with tables but without our mark was made by something else. */
function refuseForeignDatabase(database: DatabaseSync, file: string): void {
  const { application_id: id } = database.prepare('pragma application_id').get() as { application_id: number };
  if (id === APPLICATION_ID) return;
  const { tables } = database.prepare('select count(*) as tables from sqlite_schema').get() as { tables: number };
  if (id === 0 && tables === 0) return;
  throw new ProductError('UNSUPPORTED', `the database ${file} was made by another program`, {
    hint: 'choose another data folder (--data)',
  });
}

function lazyKysely(database: DatabaseSync): OpenDatabase['kysely'] {
  let loaded: Promise<Kysely<StoreSchema>> | undefined;
  const load = async () => {
    const [{ Kysely: Builder }, { nodeSqliteDialect }] = await Promise.all([
      import('kysely'),
      import('./node-sqlite-dialect.ts'),
    ]);
    return new Builder<StoreSchema>({ dialect: nodeSqliteDialect(database) });
  };
  return () => (loaded ??= load());
}

async function migrate(database: DatabaseSync, kysely: OpenDatabase['kysely'], file: string): Promise<void> {
  const executed = executedMigrations(database);
  refuseNewer(executed, file);
  if (executed.length === MIGRATION_NAMES.length) return;
  if (executed.length > 0 && file !== ':memory:') {
    copyBeforeUpgrade(
      database,
      file,
      MIGRATION_NAMES.find((name) => !executed.includes(name))!,
    );
  }
  database.exec(`pragma application_id = ${APPLICATION_ID}`);
  const [{ Migrator }, { migrationsFor }] = await Promise.all([
    import('kysely/migration'),
    import('../migrations/migrations.ts'),
  ]);
  const provider = { getMigrations: async () => migrationsFor({ withoutRowid: true, dialect: 'sqlite' }) };
  // They do not build on each other beyond the first two, and versions under development have run them in another order.
  const { error } = await new Migrator({ db: await kysely(), provider, allowUnorderedMigrations: true }).migrateToLatest();
  if (error !== undefined) throw error;
}

function requireCurrent(database: DatabaseSync, file: string): void {
  const executed = executedMigrations(database);
  refuseNewer(executed, file);
  if (executed.length === MIGRATION_NAMES.length) return;
  throw new ProductError('UNSUPPORTED', `the database ${file} has the tables of an older version`, {
    hint: 'start the server of this version on it once, which brings it up to date',
  });
}

function executedMigrations(database: DatabaseSync): readonly string[] {
  const table = database.prepare(`select 1 from sqlite_schema where name = 'kysely_migration'`).get();
  if (table === undefined) return [];
  return database
    .prepare('select name from kysely_migration order by name')
    .all()
    .map((row) => String(row['name']));
}

function refuseNewer(executed: readonly string[], file: string): void {
  const unknown = executed.find((name) => !MIGRATION_NAMES.includes(name as MigrationName));
  if (unknown === undefined) return;
  throw new ProductError('UNSUPPORTED', `the database ${file} was written by a newer version (it has ${unknown})`, {
    hint: 'use that version or a newer one, or choose another data folder (--data)',
  });
}
