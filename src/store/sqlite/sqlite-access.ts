import { ACCESS_METHODS, type AccessStore } from '../access-store.ts';
import { kyselyAccess } from '../kysely-access.ts';
import type { Session } from './session.ts';
import { explainSqliteError } from './sqlite-errors.ts';

/** The access store in the database of the store. Failures are explained with the file's name. */
export function sqliteAccess({ kysely, file }: Session): AccessStore {
  let opened: Promise<AccessStore> | undefined;
  const methods = ACCESS_METHODS.map((name) => [
    name,
    async (...args: readonly unknown[]) => {
      try {
        opened ??= kysely().then((db) => kyselyAccess(db));
        const method = (await opened)[name] as (...given: readonly unknown[]) => Promise<unknown>;
        return await method(...args);
      } catch (error) {
        throw explainSqliteError(error, file);
      }
    },
  ]);
  return Object.fromEntries(methods) as unknown as AccessStore;
}
