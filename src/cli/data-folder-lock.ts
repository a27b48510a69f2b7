import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often a process that waits for the folder looks again. */
const RETRY_MS = 100;
const SQLITE_BUSY = 5;

/**
 * One process at a time works on the runs of a data folder: two engines would both go on with the same unfinished run. Who comes
 * second waits, and is told so once. The lock is SQLite's on a file of its own, which the operating system releases however the
 * process ends.
 */
export async function lockDataFolder(dataDir: string, onWait: () => void): Promise<Disposable> {
  await mkdir(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'local.lock'));
  for (let waited = false; !tryLock(database); waited = true) {
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
