import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { assert } from '../../base/assert.ts';
import { ProductError } from '../../base/errors.ts';
import { isBelow } from './is-below.ts';

export interface ByteRange {
  readonly start: number;
  /** Inclusive. Default: the last byte. */
  readonly end?: number;
}

/**
 * The bytes of a file. A path below `root` was written by a step and must still lie there once its links are followed: a step
 * cannot have this process read what it cannot read itself. The caller consumes or destroys the stream.
 */
export async function readFile(path: string, root: string, range: ByteRange = { start: 0 }): Promise<Readable> {
  const { start, end } = range;
  assert(start >= 0 && (end === undefined || end >= start), `the range ${start}-${end} of ${path}`);
  // Without O_NONBLOCK, opening a named pipe waits for someone to write into it.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    await requirePlainFile(handle, path);
    if (isBelow(path, root)) await requireInside(handle, path, root);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle.createReadStream({ start, ...(end === undefined ? {} : { end }) });
}

async function requirePlainFile(handle: FileHandle, path: string): Promise<void> {
  const found = await handle.stat();
  if (found.isFile()) return;
  const what = found.isDirectory() ? 'a folder' : 'not a file';
  throw new ProductError('INVALID_ARGUMENTS', `could not read the artifact ${path}: it is ${what}`, {
    hint: 'name a file in it',
  });
}

/** Compares what was opened with what the path leads to now, so that a link changed in between is noticed. */
async function requireInside(handle: FileHandle, path: string, root: string): Promise<void> {
  const real = await realpath(path);
  const [opened, named] = [await handle.stat(), await stat(real)];
  if (isBelow(real, await realpath(root)) && opened.ino === named.ino && opened.dev === named.dev) return;
  throw new ProductError('INVALID_ARGUMENTS', `could not read the artifact ${path}: it is a link out of the artifact folder`, {
    hint: 'let the step write the file itself instead of a link',
  });
}
