import { ProductError } from '../base/errors.ts';
import { MAX_COMPONENT_BYTES } from './component-archive.ts';

export interface FetchOptions {
  /** For the whole exchange, redirects included. Default: 30 s. */
  readonly timeoutMs?: number;
  /** Default: 32 MiB. */
  readonly maxBytes?: number;
  /** Default: 5. */
  readonly maxRedirects?: number;
  /** Sent to the host of the URL only, never to one it redirects to. */
  readonly auth?: Auth;
  /** Entity tag of the copy at hand; the answer is then `unchanged` when it still holds. */
  readonly etag?: string;
  readonly signal?: AbortSignal;
}

export type Auth = { readonly username: string; readonly password: string } | { readonly token: string };

export type FetchResult =
  | { readonly kind: 'found'; readonly data: Uint8Array; readonly etag?: string }
  | { readonly kind: 'unchanged' }
  /** Nothing there (HTTP status), or no answer at all. */
  | { readonly kind: 'failed'; readonly reason: string; readonly status?: number };

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** `gs://bucket/object` is readable over HTTPS when it is public. */
export function httpUrl(url: string): string {
  return url.startsWith('gs://') ? `https://storage.googleapis.com/${url.slice('gs://'.length)}` : url;
}

/**
 * Reads a URL, http and https only, within limits of time, size and redirects. What the network says is a value; a URL that
 * cannot be one is a ProductError.
 */
export async function fetchComponent(url: string, options: FetchOptions = {}): Promise<FetchResult> {
  let target = parseUrl(httpUrl(url));
  const origin = target.origin;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  const maxRedirects = options.maxRedirects ?? DEFAULT_MAX_REDIRECTS;
  try {
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const headers = requestHeaders(options, target.origin === origin);
      const response = await fetch(target.href, { redirect: 'manual', signal, headers });
      const next = REDIRECTS.includes(response.status) ? response.headers.get('location') : null;
      if (next === null) return await answer(response, options.maxBytes ?? MAX_COMPONENT_BYTES);
      await response.body?.cancel();
      const destination = URL.canParse(next, target.href) ? new URL(next, target.href) : undefined;
      if (destination === undefined || !isAllowed(destination, target))
        return { kind: 'failed', reason: `redirected to ${next}, which is not followed` };
      target = destination;
    }
    return { kind: 'failed', reason: `redirected more than ${maxRedirects} times` };
  } catch (error) {
    options.signal?.throwIfAborted();
    return {
      kind: 'failed',
      reason: timeout.aborted ? `no answer within ${options.timeoutMs ?? DEFAULT_TIMEOUT_MS} ms` : networkReason(error),
    };
  }
}

function parseUrl(url: string): URL {
  const hint = 'use an http:// or https:// URL';
  if (!URL.canParse(url)) throw new ProductError('INVALID_USAGE', `"${url}" is not a URL`, { hint });
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new ProductError('INVALID_USAGE', `components are not read from ${parsed.protocol}// URLs: ${url}`, { hint });
  }
  return parsed;
}

/** Only to http and https, and never from https back to http. */
function isAllowed(destination: URL, from: URL): boolean {
  return destination.protocol === 'https:' || (destination.protocol === 'http:' && from.protocol === 'http:');
}

function requestHeaders(options: FetchOptions, sameOrigin: boolean): Record<string, string> {
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'pipewright' };
  if (options.etag !== undefined) headers['if-none-match'] = options.etag;
  if (options.auth !== undefined && sameOrigin) headers['authorization'] = authorization(options.auth);
  return headers;
}

function authorization(auth: Auth): string {
  if ('token' in auth) return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
}

async function answer(response: Response, maxBytes: number): Promise<FetchResult> {
  if (response.status === 304) return { kind: 'unchanged' };
  if (!response.ok) {
    await response.body?.cancel();
    return { kind: 'failed', status: response.status, reason: `HTTP ${response.status}` };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > maxBytes) return { kind: 'failed', reason: `larger than ${maxBytes} bytes` };
    chunks.push(chunk);
  }
  if (size === 0) return { kind: 'failed', reason: 'the answer is empty' };
  const etag = response.headers.get('etag');
  return { kind: 'found', data: Buffer.concat(chunks), ...(etag === null ? {} : { etag }) };
}

function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : 'the connection failed';
}
