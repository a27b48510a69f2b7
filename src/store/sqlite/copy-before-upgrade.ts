import { renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { ProductError } from '../../base/errors.ts';

/**
 * Copies the database to a file beside it before its tables are changed: `pipewright.db.before-0002-catalogue` is what it was
 * before that migration. The older version opens it when it is renamed back. Throws UNAVAILABLE if there is no room for it: then
 * nothing has been changed.
 */
export function copyBeforeUpgrade(database: DatabaseSync, file: string, firstMigration: string): string {
  const copy = `${file}.before-${firstMigration}`;
  const half = `${copy}.half`;
  try {
    rmSync(half, { force: true });
    database.prepare('vacuum into ?').run(half);
    renameSync(half, copy);
    return copy;
  } catch (error) {
    rmSync(half, { force: true });
    const { message } = error as Error;
    throw new ProductError(
      'UNAVAILABLE',
      `the database ${file} could not be copied before it is brought up to date: ${message}`,
      {
        hint: 'free as much space as the database takes, then start again; nothing has been changed',
        cause: error,
      },
    );
  }
}
