import { ProductError } from '../../base/errors.ts';
import type { AccessStore } from '../access-store.ts';
import type { RetentionStore } from '../retention-store.ts';
import type { CatalogueStore } from '../catalogue-store.ts';
import { catalogueScripts } from '../sql/catalogue.ts';
import { SQLITE_DIALECT } from '../sql/dialect.ts';
import { STORE_SCRIPTS, type StoreQueries } from '../sql/recorded-runs.ts';
import { RETENTION_SCRIPTS } from '../sql/retention.ts';
import { answerWith, type RunScript } from '../sql/script.ts';
import type { Store } from '../store.ts';
import { commitWith } from './commit.ts';
import { openDatabase } from './open-database.ts';
import type { OpenOptions } from './open-database.ts';
import { scriptRunner } from './run-script.ts';
import type { Session } from './session.ts';
import { sqliteAccess } from './sqlite-access.ts';
import { explainSqliteError } from './sqlite-errors.ts';

export interface SqliteStore extends Store {
  /** The catalogue in the same file; made ready when it is asked for, since a run in the foreground does without. */
  catalogue(): CatalogueStore;
  /** Users, roles and the audit log in the same file. */
  access(): AccessStore;
  /** Letting go of old runs. */
  retention(): RetentionStore;
}

/**
 * The store in one SQLite file (node:sqlite, write-ahead log). Statements are prepared once. The
 * file belongs to one server; others may read it at the same time with `readOnly`. Throws a ProductError when the file
 * cannot be used: damaged, locked, from a newer version, or not ours.
 */
export async function openSqliteStore(options: OpenOptions): Promise<SqliteStore> {
  const { database, kysely } = await openDatabase(options);
  const session: Session = { file: options.file, database, kysely };
  let catalogue: CatalogueStore | undefined;
  const run = options.readOnly === true ? refusingWrites(session) : scriptRunner(session);
  const commit = commitWith(session);
  return {
    name: 'sqlite',
    catalogue: () => (catalogue ??= answerWith<CatalogueStore>(catalogueScripts(SQLITE_DIALECT), run)),
    access: () => sqliteAccess(session),
    retention: () => answerWith<RetentionStore>(RETENTION_SCRIPTS, run),
    ...answerWith<StoreQueries>(STORE_SCRIPTS, run),
    async commit(batch) {
      if (options.readOnly === true) throw openedForReading(session);
      try {
        commit(batch);
      } catch (error) {
        throw explainSqliteError(error, session.file);
      }
    },
    async [Symbol.asyncDispose]() {
      if (database.isOpen) database.close();
    },
  };
}

const openedForReading = ({ file }: Session): ProductError =>
  new ProductError('INVALID_USAGE', `the database ${file} was opened for reading only`);

function refusingWrites(session: Session): RunScript {
  const read = scriptRunner(session);
  return async (script, effort) => {
    if (effort !== 'read') throw openedForReading(session);
    return await read(script, effort);
  };
}
