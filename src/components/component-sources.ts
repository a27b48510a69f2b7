import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';
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

/** The bytes at a place, or why there are none. Mirrors go first, then the network, then the cached copy of an earlier read. */
export async function readLocation(location: Location, options: SourceOptions): Promise<SourceResult> {
  if (location.kind === 'file') return readFile(location.path);
  const url = httpUrl(location.url);
  for (const mirror of options.mirrors) {
    if (!url.startsWith(mirror.prefix)) continue;
    const rest = url.slice(mirror.prefix.length);
    const mirrored = isUrl(mirror.target)
      ? await readUrl(mirror.target + rest, options)
      : readFile(inFolder(mirror.target, rest));
    if (mirrored.kind === 'found') return mirrored;
  }
  return readUrl(url, options);
}

function isUrl(target: string): boolean {
  return /^https?:\/\//.test(target);
}

function inFolder(folder: string, rest: string): string {
  const steps = decodeURIComponent(rest.replace(/[?#].*$/s, '')).split('/');
  if (steps.includes('..'))
    throw new ProductError('INVALID_USAGE', `a component URL does not contain "..": ${rest}`, { hint: 'use the plain URL' });
  return join(folder, ...steps);
}

export function readFile(path: string): SourceResult {
  if (!existsSync(path) || !statSync(path).isFile()) return { kind: 'missing', reason: 'no such file' };
  if (statSync(path).size > MAX_COMPONENT_BYTES) return { kind: 'missing', reason: `larger than ${MAX_COMPONENT_BYTES} bytes` };
  return { kind: 'found', data: readFileSync(path) };
}

async function readUrl(url: string, options: SourceOptions): Promise<SourceResult> {
  const cached = options.cache?.byUrl(url);
  if (options.offline)
    return cached
      ? { kind: 'found', data: cached.data }
      : { kind: 'missing', reason: 'not in the cache, and the store is offline' };
  const result = await fetchComponent(url, { ...options, ...(cached?.etag === undefined ? {} : { etag: cached.etag }) });
  switch (result.kind) {
    case 'found':
      options.cache?.put(url, result);
      return { kind: 'found', data: result.data };
    case 'unchanged':
      return cached ? { kind: 'found', data: cached.data } : { kind: 'missing', reason: 'the host answers that nothing changed' };
    case 'failed':
      // "Not there" is an answer; no answer at all is not a reason to forget what was there yesterday.
      if (cached && result.status === undefined) return { kind: 'found', data: cached.data, stale: result.reason };
      return { kind: 'missing', reason: result.reason };
  }
}
