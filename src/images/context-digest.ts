import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutImage } from './component-image.ts';

/** Larger files are read piece by piece. */
const LARGE_BYTES = 2 ** 20;

/**
 * What identifies the content an image is built from: names, modes and bytes of the entries of its folder, and `more` (its base
 * images, arguments). The image a component file names does not count: it is what a build writes. Lower-case hex of SHA-256.
 */
export async function contextDigest(folder: string, entries: readonly string[], more: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of more) hash.update(`${text}\0`);
  for (const path of entries) {
    const full = join(folder, path);
    const stats = await lstat(full);
    const isLink = stats.isSymbolicLink();
    const kind = isLink ? 'link' : `${stats.isDirectory() ? 'folder' : 'file'} ${archivedMode(stats.mode).toString(8)}`;
    hash.update(`${path}\0${kind}\0`);
    if (isLink) hash.update(await readlink(full));
    else if (isComponentFile(path)) hash.update(withoutImage(await readFile(full, 'utf8')));
    else if (stats.size > LARGE_BYTES) await addLargeFile(hash, full);
    else if (stats.isFile()) hash.update(await readFile(full));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** What a portable archive makes of a mode: the umask a checkout was made with does not change the image. */
const archivedMode = (mode: number): number => ((mode & 0o7777) | 0o600) & ~0o022;

const isComponentFile = (path: string): boolean => /^(?:component|component_metadata\/[^/]+)\.yaml$/.test(path);

async function addLargeFile(hash: Hash, path: string): Promise<void> {
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
}
