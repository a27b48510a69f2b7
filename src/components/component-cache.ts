import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../base/json.ts';
import { componentDigest } from './digest.ts';

export interface CachedUrl {
  readonly data: Uint8Array;
  readonly etag?: string;
}

/**
 * Content read from URLs, kept in a folder: `content/<digest>` and, for each URL, `urls/<hash of the URL>.json`. Content is
 * checked against its name when it is read, so a damaged file is a miss. Deleting the folder is always safe.
 */
export class ComponentCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  byUrl(url: string): CachedUrl | undefined {
    const path = this.#urlPath(url);
    if (!existsSync(path)) return undefined;
    const record = parseRecord(readFileSync(path, 'utf8'));
    if (record?.url !== url) return undefined;
    const data = this.byDigest(record.digest);
    return data && { data, ...(record.etag === undefined ? {} : { etag: record.etag }) };
  }

  byDigest(digest: string): Uint8Array | undefined {
    const path = join(this.#folder, 'content', digest);
    if (!/^[0-9a-f]{64}$/.test(digest) || !existsSync(path)) return undefined;
    const data = readFileSync(path);
    return componentDigest(data) === digest ? data : undefined;
  }

  put(url: string, { data, etag }: CachedUrl): void {
    const digest = componentDigest(data);
    mkdirSync(join(this.#folder, 'content'), { recursive: true });
    mkdirSync(join(this.#folder, 'urls'), { recursive: true });
    writeWhole(join(this.#folder, 'content', digest), data);
    writeWhole(this.#urlPath(url), `${JSON.stringify({ url, digest, etag })}\n`);
  }

  #urlPath(url: string): string {
    return join(this.#folder, 'urls', `${createHash('sha256').update(url).digest('hex')}.json`);
  }
}

/** Two processes may write the same file at once; each replaces it as a whole. */
function writeWhole(path: string, data: Uint8Array | string): void {
  const partial = `${path}.${process.pid}.new`;
  writeFileSync(partial, data);
  renameSync(partial, path);
}

function parseRecord(text: string): { readonly url: string; readonly digest: string; readonly etag?: string } | undefined {
  try {
    const record: unknown = JSON.parse(text);
    if (!isJsonObject(record)) return undefined;
    const { url, digest, etag } = record;
    if (typeof url !== 'string' || typeof digest !== 'string') return undefined;
    return { url, digest, ...(typeof etag === 'string' ? { etag } : {}) };
  } catch {
    return undefined;
  }
}
