import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Handler } from 'hono';
import { isKnown } from './etag.ts';
import { KFP_FRONTEND_POLICY } from './secure-headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};
const MIN_GZIP_BYTES = 1024;

interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer> | undefined;
  readonly type: string;
  readonly etag: string;
  readonly modifiedMs: number;
  /** Headers that only this file has. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The files of the dashboard. A path that is no file and has no extension is a page of the application: its start page answers.
 * Files under `assets/` carry a hash in their names and are kept by browsers for ever, everything else is asked for again.
 */
export function staticFiles(root: string): Handler {
  const known = new Map<string, StaticFile>();
  const load = async (path: string): Promise<StaticFile | undefined> => {
    const file = join(root, path);
    const stats = await stat(file).catch(() => undefined);
    if (!stats?.isFile()) return undefined;
    const cached = known.get(path);
    if (cached?.modifiedMs === stats.mtimeMs) return cached;
    const loaded = fileOf(path, new Uint8Array(await readFile(file)), stats.mtimeMs);
    known.set(path, loaded);
    return loaded;
  };
  return async (context) => {
    const path = safePath(context.req.path);
    if (path === undefined) return context.notFound();
    const isPage = extname(path) === '';
    const file = (isPage ? undefined : await load(path)) ?? (isPage ? await load('/index.html') : undefined);
    if (!file) return context.notFound();
    const headers = {
      'content-type': file.type,
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: file.etag,
      vary: 'accept-encoding',
      ...file.headers,
    };
    if (isKnown(context.req.header('if-none-match'), file.etag)) return new Response(null, { status: 304, headers });
    const isGzip = file.gzip !== undefined && /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
    return isGzip
      ? new Response(file.gzip!, { headers: { ...headers, 'content-encoding': 'gzip' } })
      : new Response(file.body, { headers });
  };
}

function fileOf(path: string, body: Uint8Array<ArrayBuffer>, modifiedMs: number): StaticFile {
  const isText = /\.(html|js|css|svg|json|map|webmanifest)$/.test(path) && body.byteLength >= MIN_GZIP_BYTES;
  return {
    body,
    gzip: isText ? new Uint8Array(gzipSync(body)) : undefined,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    modifiedMs,
    headers: path === '/index.html' && isKfpFrontend(body) ? { 'content-security-policy': KFP_FRONTEND_POLICY } : {},
  };
}

/** The start page of KFP's web frontend, told by the flags that KFP's own server fills in. */
const isKfpFrontend = (page: Uint8Array): boolean => Buffer.from(page).includes('window.KFP_FLAGS');

/** Undefined for a path that would leave the folder or cannot be decoded. */
function safePath(given: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(given));
    return path.startsWith('/') && !path.includes('\0') ? path : undefined;
  } catch {
    return undefined;
  }
}
