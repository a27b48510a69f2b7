import { createHash } from 'node:crypto';

/** Longest name a file system takes is 255 bytes. */
const MAX_BYTES = 200;

/** A name of a pipeline or task as one segment of a path: unchanged, unless it would lead elsewhere or could not be a file's name. */
export function pathSegment(name: string): string {
  const safe = /^\.{0,2}$/.test(name) ? '_' : name.replace(/[/\\\u0000-\u001f]/g, '_');
  if (Buffer.byteLength(safe) <= MAX_BYTES) return safe;
  return `${Buffer.from(safe)
    .subarray(0, 100)
    .toString()
    .replace(/\uFFFD$/, '')}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}
