/** Which database a platform has: a file in its data folder, or a PostgreSQL server that several may share. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProductError } from './base/errors.ts';
import { systemIds } from './base/ids.ts';
import type { AccessStore } from './store/access-store.ts';
import type { CatalogueStore } from './store/catalogue-store.ts';
import type { Leases } from './store/leases.ts';
import type { RetentionStore } from './store/retention-store.ts';
import type { Store } from './store/store.ts';

export interface StoreOptions {
  readonly dataDir: string;
  /** `postgres://user:password@host:port/database`. Default: SQLite in the data folder. */
  readonly database?: string | undefined;
}

export interface OpenStore extends Store {
  /** Only of a database that several servers may use. */
  readonly leases?: Leases;
  catalogue(): CatalogueStore;
  access(): AccessStore;
  retention(): RetentionStore;
}

/** Throws UNAVAILABLE, UNSUPPORTED, and INVALID_USAGE for a URL of something else. */
export async function openStore({ dataDir, database }: StoreOptions): Promise<OpenStore> {
  if (database === undefined || database === '') {
    const { openSqliteStore } = await import('./store/sqlite/sqlite-store.ts');
    return await openSqliteStore({ file: join(dataDir, 'pipewright.db') });
  }
  if (!/^postgres(ql)?:\/\//.test(database)) {
    throw new ProductError('INVALID_USAGE', 'the database has to be given as postgres://…', {
      hint: 'leave --database out to keep everything in the data folder',
    });
  }
  const { openPostgresStore } = await import('./store/postgres/postgres-store.ts');
  return await openPostgresStore({ url: database, leases: { serverId: serverIdOf(dataDir) } });
}

/** A server is who works on a data folder: after a restart it is the same one, and adopts its steps that still run. */
function serverIdOf(dataDir: string): string {
  const file = join(dataDir, 'server-id');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const serverId = systemIds.uuid();
  writeFileSync(file, `${serverId}\n`);
  return serverId;
}
