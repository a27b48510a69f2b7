import { ProductError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';

interface Advice {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

const NOTHING_THERE: Advice = { code: 'NOT_FOUND', message: 'there is nothing at that place' };
const NOT_ALLOWED: Advice = {
  code: 'UNAVAILABLE',
  message: 'permission was denied',
  hint: 'check the permissions of the file and of the folders above it',
};

const ADVICE: Readonly<Record<string, Advice>> = {
  ENOENT: NOTHING_THERE,
  ENOTDIR: { code: 'NOT_FOUND', message: 'a part of its path is a file, not a folder' },
  ELOOP: { code: 'NOT_FOUND', message: 'its symbolic links lead in a circle' },
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: { code: 'UNAVAILABLE', message: 'the file system is read-only' },
  ENOSPC: { code: 'UNAVAILABLE', message: 'the disk is full', hint: 'free some space, then try again' },
  EDQUOT: { code: 'UNAVAILABLE', message: 'the disk quota is used up', hint: 'free some space, then try again' },
  ENAMETOOLONG: { code: 'INVALID_ARGUMENTS', message: 'its name is too long', hint: 'use shorter names' },
  ENXIO: { code: 'INVALID_ARGUMENTS', message: 'it is not a file or folder' },
  ERR_FS_CP_FIFO_PIPE: { code: 'INVALID_ARGUMENTS', message: 'it holds a named pipe', hint: 'write plain files only' },
  ERR_FS_CP_SOCKET: { code: 'INVALID_ARGUMENTS', message: 'it holds a socket', hint: 'write plain files only' },
};

export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the error says that there is nothing at a path. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(fileErrorCode(error) ?? '');

/**
 * Runs `work` and explains a failure of the file system. `attempt` completes "could not …": "read the artifact /a/b".
 */
export async function explained<T>(attempt: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const advice = ADVICE[fileErrorCode(error) ?? ''];
    if (!advice || error instanceof ProductError) throw error;
    throw new ProductError(advice.code, `could not ${attempt}: ${advice.message}`, {
      ...(advice.hint === undefined ? {} : { hint: advice.hint }),
      cause: error,
    });
  }
}
