import { scrypt, timingSafeEqual } from 'node:crypto';
import { ProductError } from '../base/errors.ts';

/** Parameters of scrypt (RFC 7914). */
export interface PasswordCost {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** 32 MiB and three passes: one of the settings OWASP's password storage cheat sheet calls equally strong. */
const TODAY: PasswordCost = { cost: 2 ** 15, blockSize: 8, parallelization: 3 };
const HASH_BYTES = 32;
export const SALT_BYTES = 16;
const MIN_LENGTH = 8;
/** A longer one would only make the server work. */
const MAX_LENGTH = 1024;

/** Throws INVALID_USAGE for a password that cannot be one. */
export function checkPassword(password: string): void {
  const { length } = password;
  if (length >= MIN_LENGTH && length <= MAX_LENGTH) return;
  throw new ProductError('INVALID_USAGE', `a password has ${MIN_LENGTH} to ${MAX_LENGTH} characters`);
}

/** `scrypt:N:r:p:SALT:HASH`, which says how it was made, so that the cost can rise. */
export async function hashPassword(password: string, salt: string, given?: PasswordCost): Promise<string> {
  const cost = given ?? TODAY;
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.cost, cost.blockSize, cost.parallelization, salt, hash.toString('base64url')].join(':');
}

/**
 * Whether the password is the one of the hash. Without a hash the answer is no, after the same work: how long it takes does not tell
 * which users there are.
 */
export async function verifyPassword(password: string, stored: string | null, given?: PasswordCost): Promise<boolean> {
  if (password.length > MAX_LENGTH) return false;
  if (stored === null) {
    await derive(password, 'no such user', given ?? TODAY);
    return false;
  }
  const [, cost, blockSize, parallelization, salt = '', hash = ''] = stored.split(':');
  const numbers = { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) };
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive(password, salt, numbers);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Runs beside the event loop. Spellings of one text that look the same are the same password. */
function derive(password: string, salt: string, { cost, blockSize, parallelization }: PasswordCost): Promise<Buffer> {
  const options = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
