import { ProductError } from '../../base/errors.ts';
import { StoreFull } from '../store-full.ts';

/** SQLSTATE codes, https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const UNIQUE_VIOLATION = '23505';
const DISK_FULL = '53100';
/** Serialisation failure, deadlock: nothing was done, and doing it again is all there is to do. */
const TO_BE_REPEATED: ReadonlySet<string> = new Set(['40001', '40P01']);
/** Values the types of the columns cannot hold. */
const BAD_VALUE: ReadonlySet<string> = new Set(['22P02', '22003', '22021', '22P05', '22008']);
/** Connection trouble (08), the server shutting down or starting (57P), too many connections (53300). */
const UNREACHABLE = /^(08|57P0|53300)/;
const SOCKET_ERRORS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
/** What pg says without a code when a connection ends or cannot be had in time. */
const CONNECTION_WORDS =
  /connection terminated|timeout exceeded when trying to connect|timeout expired|client has encountered a connection error/i;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === UNIQUE_VIOLATION;

export const isToBeRepeated = (error: unknown): boolean => TO_BE_REPEATED.has(codeOf(error));

/** Whether the server cannot be reached (any more); what was under way may have been done or not. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  // Several addresses of one name, none of which answered.
  if (error instanceof AggregateError) return error.errors.every(isConnectionLost);
  return UNREACHABLE.test(code) || SOCKET_ERRORS.has(code) || (code === '' && CONNECTION_WORDS.test(error.message));
}

interface Advice {
  readonly codes: RegExp;
  readonly message: string;
  readonly hint: string;
}

const ADVICE: readonly Advice[] = [
  {
    codes: /^28/,
    message: 'it refuses the user or the password',
    hint: 'check the name and password in the URL given with --database',
  },
  { codes: /^3D000$/, message: 'there is no such database', hint: 'create it first: createdb NAME' },
  {
    codes: /^(42501|25006)$/,
    message: 'it may not be written to',
    hint: 'let the user own the database: alter database NAME owner to USER',
  },
  { codes: /^53/, message: 'it is out of resources', hint: "check the server's disk, memory and max_connections" },
];

/** What an installation can do about a failure of the database; any other error is given back as it is. */
export function explainPostgresError(error: unknown, place: string): unknown {
  if (error instanceof ProductError) return error;
  const unavailable = (message: string, hint: string) =>
    new ProductError('UNAVAILABLE', `the database ${place} cannot be used: ${message}`, { hint, cause: error });
  const code = codeOf(error);
  if (code === DISK_FULL) return new StoreFull(place, error);
  const advice = ADVICE.find(({ codes }) => codes.test(code));
  if (advice) return unavailable(advice.message, advice.hint);
  if (isConnectionLost(error)) {
    return unavailable('there is no connection', 'check that the PostgreSQL server runs and that its address is right');
  }
  if (isToBeRepeated(error))
    return new ProductError('CONFLICT', 'other requests changed the same rows; try again', { cause: error });
  if (BAD_VALUE.has(code))
    return new ProductError('INVALID_USAGE', `a value cannot be stored: ${(error as Error).message}`, { cause: error });
  return error;
}

/** Host and database of a URL, without the password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${pathname.slice(1) || 'postgres'} on ${hostname || 'the local socket'}${port === '' ? '' : `:${port}`}`;
  } catch {
    return 'given with --database';
  }
}
