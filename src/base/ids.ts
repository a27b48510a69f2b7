import { createHash, randomUUID } from 'node:crypto';

/** Where fresh identifiers come from; simulations pass a seeded one. */
export interface Ids {
  /** A UUID version 4, lower case. */
  uuid(): string;
}

export const systemIds: Ids = { uuid: () => randomUUID() };

/**
 * A UUID that depends on its parts alone (SHA-256, laid out as version 8). Used where a replayed event must give the same
 * identifier again: task ids, attempt folders, artifact ids.
 */
export function derivedUuid(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('\0')).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
