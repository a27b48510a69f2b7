import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { StoreSchema } from '../schema.ts';

/** What a query function needs: the connection its prepared statements run on, and Kysely where it writes the SQL. */
export interface Session {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly kysely: () => Promise<Kysely<StoreSchema>>;
}
