import type { AccessStore } from '../access-store.ts';
import { kyselyAccess } from '../kysely-access.ts';
import type { Session } from './session.ts';
import { explainSqliteError } from './sqlite-errors.ts';

/** The access store in the database of the store. Failures are explained with the file's name. */
export function sqliteAccess({ kysely, file }: Session): AccessStore {
  const methods = Object.entries(kyselyAccess(kysely)).map(([name, method]) => [
    name,
    async (...args: readonly unknown[]) => {
      try {
        return await (method as (...given: readonly unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw explainSqliteError(error, file);
      }
    },
  ]);
  return Object.fromEntries(methods) as AccessStore;
}
