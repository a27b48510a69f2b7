import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_COMPONENT_BYTES } from './component-archive.ts';
import type { ComponentCache } from './component-cache.ts';
import type { Location } from './component-locations.ts';
import { fetchComponent, httpUrl, type FetchOptions } from './fetch-component.ts';

/** Answers in the place of a host: a URL prefix, and the folder or the other URL prefix that holds the same files. */
export interface Mirror {
  readonly prefix: string;
  readonly target: string;
}

export interface SourceOptions extends Omit<FetchOptions, 'etag'> {
  readonly mirrors: readonly Mirror[];
  readonly cache?: ComponentCache;
  /** Read from mirrors and the cache only. */
  readonly offline: boolean;
}

export type SourceResult =
  | { readonly kind: 'found'; readonly data: Uint8Array; readonly stale?: string }
  | { readonly kind: 'missing'; readonly reason: string };

/**
 * Reads places for one operation of a store. A host that gave no answer is not asked again: looking for a name may try many
 * URLs, and each would wait for the time limit.
 */
export class SourceReader {
  readonly #options: SourceOptions;
  readonly #silentHosts = new Map<string, string>();

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** The folder that stands in for a URL prefix, and what is below it there. */
  mirrorFolder(prefix: string): { readonly folder: string; readonly below: string } | undefined {
    const mirror = this.#options.mirrors.find((candidate) => prefix.startsWith(candidate.prefix) && !isUrl(candidate.target));
    return mirror && { folder: mirror.target, below: prefix.slice(mirror.prefix.length) };
  }

  /** The bytes at a place, or why there are none. Mirrors go first, then the network, then the cached copy of an earlier read. */
  async read(location: Location): Promise<SourceResult> {
    if (location.kind === 'file') return readFile(location.path);
    const url = httpUrl(location.url);
    for (const mirror of this.#options.mirrors) {
      if (!url.startsWith(mirror.prefix)) continue;
      const rest = url.slice(mirror.prefix.length);
      const mirrored = isUrl(mirror.target) ? await this.#readUrl(mirror.target + rest) : readFile(inFolder(mirror.target, rest));
      if (mirrored.kind === 'found') return mirrored;
    }
    return this.#readUrl(url);
  }

  async #readUrl(url: string): Promise<SourceResult> {
    const { cache, offline, ...fetchOptions } = this.#options;
    const cached = cache?.byUrl(url);
    if (offline) return cached ? { kind: 'found', data: cached.data } : missing('not in the cache, and the store is offline');
    const host = URL.canParse(url) ? new URL(url).host : '';
    const silence = this.#silentHosts.get(host);
    if (silence !== undefined) return cached ? { kind: 'found', data: cached.data, stale: silence } : missing(silence);
    const result = await fetchComponent(url, { ...fetchOptions, ...(cached?.etag === undefined ? {} : { etag: cached.etag }) });
    switch (result.kind) {
      case 'found':
        cache?.put(url, result);
        return { kind: 'found', data: result.data };
      case 'unchanged':
        return cached ? { kind: 'found', data: cached.data } : missing('the host answers that nothing changed');
      case 'failed':
        if (result.status !== undefined) return missing(result.reason);
        this.#silentHosts.set(host, result.reason);
        // "Not there" is an answer; no answer at all is not a reason to forget what was there yesterday.
        return cached ? { kind: 'found', data: cached.data, stale: result.reason } : missing(result.reason);
    }
  }
}

function missing(reason: string): SourceResult {
  return { kind: 'missing', reason };
}

function isUrl(target: string): boolean {
  return /^https?:\/\//.test(target);
}

function inFolder(folder: string, rest: string): string | undefined {
  const path = decoded(rest.replace(/[?#].*$/s, ''));
  return path === undefined || path.split('/').includes('..') ? undefined : join(folder, path);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** A file that is there, is not too large and may be read. */
export function readFile(path: string | undefined): SourceResult {
  if (path === undefined || !existsSync(path) || !statSync(path).isFile()) return missing('no such file');
  if (statSync(path).size > MAX_COMPONENT_BYTES) return missing(`larger than ${MAX_COMPONENT_BYTES} bytes`);
  try {
    return { kind: 'found', data: readFileSync(path) };
  } catch (error) {
    return missing(error instanceof Error && 'code' in error ? `it cannot be read: ${String(error.code)}` : 'it cannot be read');
  }
}
