import { createHash } from 'node:crypto';

const BITS = 52;

/**
 * A positive integer for one of our text ids: metadata clients know only numbers. It follows from the id alone and fits into a
 * double, so that no client rounds it.
 */
export function numericId(id: string): number {
  return Number(BigInt.asUintN(BITS, createHash('sha256').update(id).digest().readBigUInt64BE()) || 1n);
}
