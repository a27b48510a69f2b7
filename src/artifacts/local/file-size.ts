import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './file-errors.ts';

/** How many files of a folder are looked at together. */
const BATCH = 64;

/**
 * Bytes of a file, or of all plain files in a folder; undefined if nothing is there. Symbolic links inside the folder count
 * nothing and are not followed, so a link in a circle or out of the folder does no harm.
 */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? await folderSize(path) : found.size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function folderSize(root: string): Promise<number> {
  let bytes = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const files: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
      else if (entry.isFile()) files.push(join(folder, entry.name));
    }
    for (let at = 0; at < files.length; at += BATCH) {
      const sizes = await Promise.all(files.slice(at, at + BATCH).map(sizeNow));
      bytes += sizes.reduce((sum, size) => sum + size, 0);
    }
  }
  return bytes;
}

/** A file may go away while its folder is counted. */
async function sizeNow(file: string): Promise<number> {
  try {
    return (await lstat(file)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
