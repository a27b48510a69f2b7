import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often a process that waits for the folder looks again. */
const RETRY_MS = 100;
const SQLITE_BUSY = 5;

/**
 * One process at a time works on a folder. Resolves with the lock, which the operating system releases however the process ends;
 * it is SQLite's lock on a file of its own. While somebody else has it: waits, after `onWait` was called once; without `onWait`
 * the answer is undefined at once.
 */
export async function lockFolder(folder: string, onWait?: () => void): Promise<Disposable | undefined> {
  await mkdir(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'in-use.lock'));
  for (let waited = false; !tryLock(database); waited = true) {
    if (!onWait) {
      database.close();
      return undefined;
    }
    if (!waited) onWait();
    await sleep(RETRY_MS);
  }
  return { [Symbol.dispose]: () => database.close() };
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
