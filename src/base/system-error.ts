import { ProductError } from './errors.ts';

/** What the machine refuses to do with a file, and what its user can do about it. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'check the permissions of the file and of its folder',
  EPERM: 'check the permissions of the file and of its folder',
  EROFS: 'it is on a file system that cannot be written to; choose another folder',
  ENOSPC: 'the disk is full: free some space, then start again',
  EDQUOT: 'your share of the disk is used up: free some space, then start again',
  EIO: 'the disk reported an error: check it, then start again',
  ENOTDIR: 'a part of the path is a file; move it away or choose another folder',
  EEXIST: 'something else has that name; move it away or choose another folder',
  EISDIR: 'a folder is in the place of a file; move it away or choose another folder',
  ELOOP: 'its symbolic links lead in a circle; remove one of them',
  ENAMETOOLONG: 'choose a shorter name or a folder with a shorter path',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
};

/** An error of a call of node:fs as the user's to solve (UNAVAILABLE); undefined for everything else. */
export function explainSystemError(error: unknown): ProductError | undefined {
  if (!(error instanceof Error) || error instanceof ProductError) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const hint = code === undefined || path === undefined ? undefined : ADVICE[code];
  if (hint === undefined) return undefined;
  return new ProductError('UNAVAILABLE', error.message, { hint, cause: error });
}
