/** One holder at a time among all processes that share a folder. A holder that died is recognised by its lock growing old. */
import { open, rm, stat, utimes } from 'node:fs/promises';
import type { Clock } from '../../../base/clock.ts';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 30_000;
const POLL_MS = 200;

/** Waits for the lock, does `work`, lets go. `file` must be in a folder that exists. */
export async function withFileLock<T>(file: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  while (!(await take(file))) {
    if (await isStale(file, clock)) await rm(file, { force: true });
    else await new Promise<void>((resolve) => clock.at(clock.now() + POLL_MS, resolve));
  }
  const stopHeartbeat = keepFresh(file, clock);
  try {
    return await work();
  } finally {
    stopHeartbeat();
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file: string, clock: Clock): Promise<boolean> {
  try {
    return clock.now() - (await stat(file)).mtimeMs > STALE_MS;
  } catch {
    return false; // Gone meanwhile: the next attempt takes it.
  }
}

function keepFresh(file: string, clock: Clock): () => void {
  let callOff = () => {};
  const beat = () => {
    const now = clock.now() / 1000;
    utimes(file, now, now).catch(() => {});
    callOff = clock.at(clock.now() + HEARTBEAT_MS, beat);
  };
  beat();
  return () => callOff();
}
