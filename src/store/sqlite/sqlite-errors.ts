import { ProductError } from '../../base/errors.ts';
import { StoreFull } from '../store-full.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html); the low byte of an extended code. */
const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const;
/** `SQLITE_IOERR_WRITE`: what a quota that is used up comes out as. `SQLITE_IOERR_SHMSIZE`: no room for the index of the log. */
const WRITE_FAILED = 778;
const NO_ROOM_FOR_INDEX = 4874;
const NO_SPACE: ReadonlySet<number> = new Set([SQLITE.FULL, WRITE_FAILED, NO_ROOM_FOR_INDEX]);
const PRIMARY_KEY_TAKEN = 1555;
const UNIQUE_TAKEN = 2067;

interface Advice {
  readonly message: string;
  readonly hint: string;
}

const ADVICE: Readonly<Record<number, Advice>> = {
  [SQLITE.BUSY]: {
    message: 'another process is writing to it',
    hint: 'stop the other server or command that uses this data folder, or give this one its own (--data)',
  },
  [SQLITE.LOCKED]: {
    message: 'another process holds it locked',
    hint: 'stop the other server or command that uses this data folder, or give this one its own (--data)',
  },
  [SQLITE.READONLY]: { message: 'it may not be written to', hint: 'check the permissions of the file and of its folder' },
  [SQLITE.IOERR]: {
    message: 'the disk reported an error',
    hint: 'check the disk, then start again: nothing half-written is kept',
  },
  [SQLITE.CORRUPT]: {
    message: 'its content is damaged',
    hint: 'restore it from a backup, or move it away to start with an empty one',
  },
  [SQLITE.CANTOPEN]: { message: 'it cannot be opened', hint: 'check that the folder exists and may be written to' },
  [SQLITE.NOTADB]: {
    message: 'it is not a SQLite database',
    hint: 'choose another data folder, or move the file away to start with an empty one',
  },
};

/** SQLite's extended result code of an error node:sqlite threw, or undefined for any other error. */
export function sqliteErrorCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode;
}

export const isPrimaryKeyTaken = (error: unknown): boolean => sqliteErrorCode(error) === PRIMARY_KEY_TAKEN;
export const isUniqueTaken = (error: unknown): boolean => isPrimaryKeyTaken(error) || sqliteErrorCode(error) === UNIQUE_TAKEN;

/** What an installation can do about a failure of the database file; any other error is given back as it is. */
export function explainSqliteError(error: unknown, file: string): unknown {
  const code = sqliteErrorCode(error);
  if (code !== undefined && NO_SPACE.has(code)) return new StoreFull(file, error);
  const advice = code === undefined ? undefined : ADVICE[code & 0xff];
  if (!advice) return error;
  return new ProductError('UNAVAILABLE', `the database ${file} cannot be used: ${advice.message}`, {
    hint: advice.hint,
    cause: error,
  });
}
