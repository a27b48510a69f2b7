/** What is done with a whole data folder: copying it, making one from a copy, letting go of what is old. */
import { join, resolve } from 'node:path';
import { createBackup, type BackupOptions } from './app/backup/create-backup.ts';
import type { Manifest } from './app/backup/manifest.ts';
import { restoreBackup, type RestoreOptions } from './app/backup/restore-backup.ts';
import { sweep, type SweepOptions, type SweepResult } from './app/retention.ts';
import { systemClock } from './base/clock.ts';
import { ProductError } from './base/errors.ts';
import { lockFolder } from './base/folder-lock.ts';
import { VERSION } from './base/version.ts';
import { openArtifacts } from './start-artifacts.ts';
import { openStore, type OpenStore, type StoreOptions } from './start-store.ts';
import { copyDatabase, relocateDatabase } from './store/sqlite/database-file.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';

/** Also while a server works on the folder. */
export function backUp(options: Pick<BackupOptions, 'dataDir' | 'target' | 'withSecrets' | 'onProgress'>): Promise<Manifest> {
  const file = join(resolve(options.dataDir), 'pipewright.db');
  return createBackup({
    ...options,
    version: VERSION,
    clock: systemClock,
    copyDatabase: async (target) => copyDatabase(file, target),
  });
}

export function restore(options: Pick<RestoreOptions, 'dataDir' | 'source' | 'onProgress'>): Promise<Manifest> {
  return restoreBackup({ ...options, relocate: async (database, folders) => relocateDatabase(database, folders) });
}

export interface GarbageOptions extends StoreOptions, Pick<SweepOptions, 'policies' | 'isDryRun' | 'onRun' | 'onLeftover'> {
  readonly artifacts?: string;
}

/** A dry run changes nothing, not even the tables of an older version. */
async function openFor({ database, isDryRun }: GarbageOptions, dataDir: string): Promise<OpenStore> {
  if (isDryRun && database === undefined) return await openSqliteStore({ file: join(dataDir, 'pipewright.db'), readOnly: true });
  return await openStore({ dataDir, database });
}

/**
 * One pass of retention without a server. Throws CONFLICT while there is one on the data folder, which makes its own; a dry run only
 * reads and does not mind.
 */
export async function collectGarbage(options: GarbageOptions): Promise<SweepResult> {
  const dataDir = resolve(options.dataDir);
  const lock = await lockFolder(dataDir);
  if (!lock && !options.isDryRun) {
    throw new ProductError('CONFLICT', `a server works on ${dataDir}`, {
      hint: 'it removes by itself what is old, as its --retention says; or stop it first',
    });
  }
  try {
    const artifacts = await openArtifacts({ ...options, dataDir, clock: systemClock });
    await using store = await openFor(options, dataDir);
    const tools = { store, artifacts, dataDir, catalogue: store.catalogue(), retention: store.retention() };
    return await sweep(tools, { ...options, nowMs: systemClock.now() });
  } finally {
    lock?.[Symbol.dispose]();
  }
}
