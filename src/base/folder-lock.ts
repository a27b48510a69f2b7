import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProductError } from './errors.ts';
import { explainSystemError } from './system-error.ts';

/** How often a process that waits for the folder looks again. */
const RETRY_MS = 100;
/** Primary result codes (https://www.sqlite.org/rescode.html). */
const SQLITE = { BUSY: 5, FULL: 13, NOTADB: 26 } as const;

/**
 * One process at a time works on a folder. Resolves with the lock, which the operating system releases however the process ends;
 * it is SQLite's lock on a file of its own. While somebody else has it: waits, after `onWait` was called once; without `onWait`
 * the answer is undefined at once. Throws UNAVAILABLE if the folder cannot be made or written to.
 */
export async function lockFolder(folder: string, onWait?: () => void): Promise<Disposable | undefined> {
  const file = join(folder, 'in-use.lock');
  try {
    await mkdir(folder, { recursive: true });
    const database = new DatabaseSync(file);
    for (let waited = false; !tryLock(database); waited = true) {
      if (!onWait) {
        database.close();
        return undefined;
      }
      if (!waited) onWait();
      await sleep(RETRY_MS);
    }
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint =
      HINTS[sqliteCode(error)]?.(file) ??
      spaceHint(error) ??
      'it has to be a folder you may write to; check its permissions, or choose another';
    throw new ProductError('UNAVAILABLE', `the folder ${folder} cannot be used: ${reason}`, { hint, cause: error });
  }
}

const HINTS: Readonly<Record<number, (file: string) => string>> = {
  [SQLITE.FULL]: () => 'free some space, then start again',
  [SQLITE.NOTADB]: (file) => `something else has written to ${file}: remove it`,
};

function spaceHint(error: unknown): string | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? explainSystemError(error)?.hint : undefined;
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (sqliteCode(error) === SQLITE.BUSY) return false;
    throw error;
  }
}

/** The low byte of an extended code. */
function sqliteCode(error: unknown): number {
  return Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
}
