import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';

/** One content of an object. */
export interface CachedFile {
  readonly uri: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface DownloadCache {
  /** Puts the file at `path`, which must be free; `fetch` writes it to the path it is given if it is not here yet. */
  place(file: CachedFile, path: string, fetch: (path: string) => Promise<void>): Promise<void>;
}

/**
 * Files of object stores that were used lately, by URI and etag: most steps read what a step before them wrote, or what all their
 * siblings read. A file is handed out as a hard link; one that a step has changed is noticed by its time and fetched again.
 * `folder` may be removed at any time.
 */
export function openDownloadCache(options: {
  readonly folder: string;
  readonly maxBytes: number;
  readonly clock: Clock;
}): DownloadCache {
  const { folder, maxBytes, clock } = options;
  const underWay = new Map<string, Promise<void>>();

  const fill = async (file: CachedFile, cached: string, fetch: (path: string) => Promise<void>) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const half = `${cached}.half`;
    await rm(half, { force: true });
    await fetch(half);
    await utimes(half, clock.now() / 1000, Math.floor(file.modifiedMs / 1000));
    await rename(half, cached);
    await evict(folder, maxBytes);
  };

  return {
    async place(file, path, fetch) {
      if (file.sizeBytes > maxBytes / 2 || file.etag === '') return fetch(path);
      const name = createHash('sha256').update(`${file.uri}\0${file.etag}`).digest('hex');
      const cached = join(folder, name);
      const running = underWay.get(name);
      if (running) await running;
      else if (!(await isUnchanged(cached, file))) {
        const filling = fill(file, cached, fetch).finally(() => underWay.delete(name));
        underWay.set(name, filling);
        await filling;
      } else await utimes(cached, clock.now() / 1000, Math.floor(file.modifiedMs / 1000));
      if (!(await handOut(cached, path))) await fetch(path);
    },
  };
}

async function isUnchanged(cached: string, { sizeBytes, modifiedMs }: CachedFile): Promise<boolean> {
  const found = await stat(cached).catch(() => undefined);
  return found !== undefined && found.size === sizeBytes && Math.floor(found.mtimeMs / 1000) === Math.floor(modifiedMs / 1000);
}

/** False if it has been evicted meanwhile. */
async function handOut(cached: string, path: string): Promise<boolean> {
  try {
    await link(cached, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw error;
      return copyFile(cached, path);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** What was used longest ago goes first. */
async function evict(folder: string, maxBytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.half'));
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), found: await stat(join(folder, name)).catch(() => undefined) })),
  );
  let bytes = files.reduce((sum, { found }) => sum + (found?.size ?? 0), 0);
  for (const { path, found } of files.toSorted((a, b) => (a.found?.atimeMs ?? 0) - (b.found?.atimeMs ?? 0))) {
    if (bytes <= maxBytes) return;
    await rm(path, { force: true });
    bytes -= found?.size ?? 0;
  }
}
