import { createHash } from 'node:crypto';

/** What identifies the content of a component file: SHA-256 of its bytes, with Windows line ends counted as `\n`. Lower-case hex. */
export function componentDigest(data: Uint8Array | string): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  return createHash('sha256').update(withoutCarriageReturns(bytes)).digest('hex');
}

/** The name git gives the same bytes: SHA-1 over `blob <length>\0` and the content, unchanged. */
export function gitBlobDigest(data: Uint8Array): string {
  return createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');
}

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

function withoutCarriageReturns(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(CARRIAGE_RETURN)) return bytes;
  return bytes.filter((byte, index) => !(byte === CARRIAGE_RETURN && bytes[index + 1] === LINE_FEED));
}

/**
 * Whether content is what a digest asks for. 64 hex digits are a component digest (with or without `sha256:` in front),
 * 40 a git blob. Undefined when the digest has neither form.
 */
export function matchesDigest(data: Uint8Array, digest: string): boolean | undefined {
  const hex = digest.replace(/^sha256:/, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hex)) return componentDigest(data) === hex;
  return /^[0-9a-f]{40}$/.test(hex) ? gitBlobDigest(data) === hex : undefined;
}
