import { ProductError } from '../../base/errors.ts';
import type { AccessStore } from '../access-store.ts';
import type { CatalogueStore } from '../catalogue-store.ts';
import type { Store } from '../store.ts';
import { findArtifacts, getArtifactWith, lineageOfArtifactWith, lineageOfRunWith } from './artifact-queries.ts';
import { lookupCacheWith, removeCacheEntriesWith } from './cache-queries.ts';
import { commitWith } from './commit.ts';
import { loadDocumentWith, saveDocumentWith } from './document-queries.ts';
import { openDatabase } from './open-database.ts';
import type { OpenOptions } from './open-database.ts';
import { getRunWith, listAttemptsWith, listRunsWith, listTasksWith, loadEventsWith } from './run-queries.ts';
import type { Session } from './session.ts';
import { sqliteAccess } from './sqlite-access.ts';
import { sqliteCatalogue } from './sqlite-catalogue.ts';
import { explainSqliteError } from './sqlite-errors.ts';

export interface SqliteStore extends Store {
  /** The catalogue in the same file; made ready when it is asked for, since a run in the foreground does without. */
  catalogue(): CatalogueStore;
  /** Users, roles and the audit log in the same file. */
  access(): AccessStore;
}

/**
 * The store in one SQLite file (node:sqlite, write-ahead log). Kysely writes the SQL once, prepared statements run it. The
 * file belongs to one server; others may read it at the same time with `readOnly`. Throws a ProductError when the file
 * cannot be used: damaged, locked, from a newer version, or not ours.
 */
export async function openSqliteStore(options: OpenOptions): Promise<SqliteStore> {
  const { database, kysely } = await openDatabase(options);
  const session: Session = { file: options.file, database, kysely };
  let catalogue: CatalogueStore | undefined;
  const asked = answering(session);
  const written = options.readOnly === true ? refuseWrites(session) : asked;
  return {
    name: 'sqlite',
    catalogue: () => (catalogue ??= sqliteCatalogue(session)),
    access: () => sqliteAccess(session),
    commit: written(commitWith(session)),
    saveDocument: written(saveDocumentWith(session)),
    loadDocument: asked(loadDocumentWith(session)),
    getRun: asked(getRunWith(session)),
    listRuns: asked(listRunsWith(session)),
    loadEvents: asked(loadEventsWith(session)),
    listTasks: asked(listTasksWith(session)),
    listAttempts: asked(listAttemptsWith(session)),
    lookupCache: asked(lookupCacheWith(session)),
    removeCacheEntries: written(removeCacheEntriesWith(session)),
    getArtifact: asked(getArtifactWith(session)),
    findArtifacts: asked((query) => findArtifacts(session, query)),
    lineageOfArtifact: asked(lineageOfArtifactWith(session)),
    lineageOfRun: asked(lineageOfRunWith(session)),
    async [Symbol.asyncDispose]() {
      await kysely.destroy();
      if (database.isOpen) database.close();
    },
  };
}

type Asynchronous = <A extends readonly unknown[], R>(answer: (...args: A) => R) => (...args: A) => Promise<R>;

/** SQLite answers at once; the contract is asynchronous, and its failures are explained with the file's name. */
function answering(session: Session): Asynchronous {
  return (answer) =>
    async (...args) => {
      try {
        return answer(...args);
      } catch (error) {
        throw explainSqliteError(error, session.file);
      }
    };
}

function refuseWrites(session: Session): Asynchronous {
  return () => async () => {
    throw new ProductError('INVALID_USAGE', `the database ${session.file} was opened for reading only`);
  };
}
