/**
 * Moves files and folders between places without copying their bytes where the file system allows it: rename (13 µs whatever
 * the size) before hard link before copy, and a copy tries to share its blocks (reflink) first.
 *
 * I1. What is at the target is whole: a copy is made under a temporary name beside it and renamed.
 * I2. Doing the same again is harmless.
 */
import { constants } from 'node:fs';
import { cp, link, lstat, mkdir, mkdtemp, realpath, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileErrorCode, isMissing } from './file-errors.ts';
import { isBelow } from './is-below.ts';

/** Moves `source` to `target`, replacing what is there. Nothing happens if `source` is gone and `target` is there (I2). */
export async function handOver(source: string, target: string, root: string): Promise<void> {
  if (source === target) return;
  const found = await lstat(source).catch(async (error: unknown) => {
    if (isMissing(error) && (await isThere(target))) return undefined;
    throw error;
  });
  if (!found) return;
  await mkdir(dirname(target), { recursive: true });
  if (found.isSymbolicLink()) return handOverLink(source, target, root);
  if (await renameOver(source, target)) return;
  if (!(found.isFile() && (await linkOver(source, target)))) await copyOver(source, target);
  // The source lies on another file system, or in a folder that may not be changed: then it just stays.
  await rm(source, { recursive: true, force: true }).catch(() => {});
}

/**
 * Makes `source` appear at `target`, replacing what is there: a file as a hard link, else as a symbolic link. A link in the
 * store that leads out of it gives a symbolic link only: a step can follow that one as far as its own rights go.
 */
export async function linkInto(source: string, target: string, root: string): Promise<void> {
  if (source === target) return;
  const real = await realpath(source);
  const found = await lstat(real);
  const leadsOut = isBelow(source, root) && !isBelow(real, await realpath(root));
  await mkdir(dirname(target), { recursive: true });
  if (found.isFile() && !leadsOut && (await linkOver(real, target))) return;
  await place(target, (temporary) => symlink(real, temporary));
}

/**
 * A step may write a link instead of the file itself. One that stays within the step's folder or the store is followed, since
 * a relative link would break when moved; one that leads elsewhere is kept as a link, never as a copy of what a step could
 * not read but this process can.
 */
async function handOverLink(source: string, target: string, root: string): Promise<void> {
  const real = await realpath(source);
  const [folder, realRoot] = [await realpath(dirname(source)), await realpath(root).catch(() => root)];
  const found = await lstat(real);
  if (!isBelow(real, folder) && !isBelow(real, realRoot)) await place(target, (temporary) => symlink(real, temporary));
  else if (!(found.isFile() && (await linkOver(real, target)))) await copyOver(real, target);
  await rm(source, { force: true });
}

/** False if the file system says that it takes more than a rename. */
async function renameOver(source: string, target: string): Promise<boolean> {
  try {
    await rename(source, target);
    return true;
  } catch (error) {
    switch (fileErrorCode(error)) {
      case 'EXDEV':
      case 'EACCES':
      case 'EPERM':
      case 'EROFS':
      case 'EBUSY':
        return false;
      case 'ENOTEMPTY':
      case 'EEXIST':
      case 'EISDIR':
      case 'ENOTDIR':
        // A folder is in the way, or a file where a folder shall be.
        await place(target, (temporary) => rename(source, temporary));
        return true;
      default:
        throw error;
    }
  }
}

/** False if the file cannot be linked from where it is. */
async function linkOver(source: string, target: string): Promise<boolean> {
  try {
    await place(target, (temporary) => link(source, temporary));
    return true;
  } catch (error) {
    if (['EXDEV', 'EPERM', 'EACCES', 'EMLINK', 'EOPNOTSUPP'].includes(fileErrorCode(error) ?? '')) return false;
    throw error;
  }
}

const copyOver = (source: string, target: string): Promise<void> =>
  place(target, (temporary) =>
    cp(source, temporary, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
    }),
  );

/** Lets `make` build something under a temporary name, then puts it at `target` in place of what is there (I1). */
async function place(target: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(dirname(target), '.placing-'));
  try {
    const temporary = join(folder, 'new');
    await make(temporary);
    try {
      await rename(temporary, target);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR'].includes(fileErrorCode(error) ?? '')) throw error;
      await rename(target, join(folder, 'old'));
      await rename(temporary, target);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
