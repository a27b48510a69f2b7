import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { bootId, isProcessAlive } from './host-process.ts';
import { parseRecord } from './journal-records.ts';

/**
 * Between two sweeps, and the age from which something is swept: long after an engine that started has asked for every step it
 * has to adopt, and has recorded every end it was told.
 */
export const SWEEP_MS = 60 * 60_000;
/** A journal that is larger is continued in a new file; about 60,000 steps. */
export const MAX_JOURNAL_BYTES = 16 * 2 ** 20;

/** Journals of servers that are gone, and work folders an engine was killed before removing. The function returned ends it. */
export function keepHouse(options: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly ownJournals: () => ReadonlySet<string>;
  /** Of an attempt, or of a run: whether a step is being run. */
  readonly isRunning: (id: string) => boolean;
  /** Continues the journals that have grown too large. */
  readonly rotate: () => void;
}): () => void {
  const { clock } = options;
  let stop: () => void;
  const arm = () => {
    stop = clock.at(clock.now() + SWEEP_MS, () => {
      options.rotate();
      sweep(options);
      arm();
    });
  };
  arm();
  return () => stop();
}

export function sweep(options: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly ownJournals: () => ReadonlySet<string>;
  /** Of an attempt, or of a run: whether a step is being run. */
  readonly isRunning: (id: string) => boolean;
}): void {
  const before = options.clock.now() - SWEEP_MS;
  const folder = join(options.dataDir, 'process');
  const own = options.ownJournals();
  const ownPids = new Set([...own].map((file) => serverOf(file)?.pid));
  let others = false;
  for (const file of filesIn(folder).filter((name) => name.endsWith('.journal'))) {
    if (own.has(file)) continue;
    const server = serverOf(file);
    const isAlive = server?.bootId === bootId() && isProcessAlive(server.pid, server.startedBoot);
    // A journal of a living server of ours that is not its present one was continued in another.
    if (isAlive && !ownPids.has(server.pid)) others = true;
    else if (changedBefore(file, before)) rmSync(file, { force: true });
  }
  // Names a fork-server keeps files under that it uses again; one that is killed leaves them. A living one makes new ones.
  for (const file of filesIn(folder).filter((name) => /\.(spare|empty|new)$/.test(name)))
    if (changedBefore(file, before)) rmSync(file, { force: true });
  // A server that is not ours may run steps that we were not asked to adopt.
  if (others) return;
  for (const file of filesIn(join(options.dataDir, 'work'))) {
    const id = file.slice(file.lastIndexOf('/') + 1).replace(/\.(out|aside|mounts|remote)$/, '');
    if (!options.isRunning(id) && changedBefore(file, before)) rmSync(file, { recursive: true, force: true });
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

function changedBefore(file: string, timeMs: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) < timeMs;
}

/** The first line of a journal says whose it is. */
function serverOf(journal: string) {
  const record = parseRecord(readFileSync(journal, 'latin1').split('\n', 1)[0]!);
  return record?.kind === 'server' ? record : undefined;
}
