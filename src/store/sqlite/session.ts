import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Compilable, Kysely } from 'kysely';
import type { StoreSchema } from '../schema.ts';

/** What a query function needs: Kysely to write the SQL with, and the connection the prepared statement runs on. */
export interface Session {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly kysely: Kysely<StoreSchema>;
}

/**
 * Compiles a query once and keeps it prepared. The caller binds values in the order in which the query mentions them, so
 * any value may stand for a parameter while it is written.
 */
export function prepare(session: Session, query: Compilable): StatementSync {
  return session.database.prepare(query.compile().sql);
}
