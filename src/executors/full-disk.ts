import { statfs } from 'node:fs/promises';
import type { TaskError } from '../model/outcome.ts';

/** A file system with less than this left refuses most of what a step writes. */
const NEARLY_NOTHING_BYTES = 128 * 1024;
/** How programs print ENOSPC and EDQUOT. */
const NO_SPACE = /no space left on device|disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/i;

/**
 * Adds to the error of a step that failed that there was no space, if it says so, or if the disk with `folder` is full: what a step
 * says is kept there, so it may not have been able to say it. An error with a hint of its own stays as it is.
 */
export async function explainFullDisk(error: TaskError, folder: string): Promise<TaskError> {
  if (error.hint !== undefined || error.cause !== 'step') return error;
  const isFull = await hasNoSpace(folder);
  if (!isFull && !NO_SPACE.test(error.message)) return error;
  const what = isFull ? `the disk of ${folder} is full` : 'a disk the step wrote to was full';
  return { ...error, hint: `${what}: free some space, then run it again (what has succeeded is kept)` };
}

/** False as well where nothing is known of the folder. */
export async function hasNoSpace(folder: string): Promise<boolean> {
  const disk = await statfs(folder).catch(() => undefined);
  if (!disk) return false;
  // File systems without a fixed number of files say 0 of 0.
  return disk.bavail * disk.bsize < NEARLY_NOTHING_BYTES || (disk.files > 0 && disk.ffree === 0);
}
