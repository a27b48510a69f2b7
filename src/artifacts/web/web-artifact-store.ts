import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ProductError } from '../../base/errors.ts';
import type { ArtifactStore } from '../artifact-store.ts';

/** Until the head of an answer is there; its body may take longer. */
const HEAD_TIMEOUT_MS = 30_000;

/** What an importer names by `http://` or `https://`: it can be read, and nothing else. */
export function openWebArtifactStore(options: { readonly headTimeoutMs?: number } = {}): ArtifactStore {
  const { headTimeoutMs = HEAD_TIMEOUT_MS } = options;
  const get = (uri: string, init: RequestInit = {}) => ask(uri, init, headTimeoutMs);
  const read: ArtifactStore['read'] = async (uri, range) => {
    const headers = range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : undefined;
    const answer = await get(uri, headers ? { headers } : {});
    if (answer.status === 416) return Readable.from([]);
    if (!answer.ok) throw refused(`read the artifact ${uri}`, answer.status);
    const stream = Readable.fromWeb((answer.body ?? new Blob([]).stream()) as ReadableStream);
    return range && answer.status !== 206 ? Readable.from(cut(stream, range)) : stream;
  };
  return {
    name: 'web',
    defaultPipelineRoot: '',
    handles: (uri) => /^https?:\/\/[^/]/i.test(uri),
    localPath: () => undefined,
    // Asking would have every importer wait for a host that may not answer; the size is a fact to show, nothing depends on it.
    size: async () => undefined,
    exists: async (uri) => {
      const { status, ok } = await get(uri, { method: 'HEAD' });
      if (ok || status === 404 || status === 410) return ok;
      throw refused(`look for the artifact ${uri}`, status);
    },
    list: async (uri) => {
      const { ok, headers } = await get(uri, { method: 'HEAD' });
      return ok ? [{ path: '', sizeBytes: Number(headers.get('content-length') ?? 0) }] : [];
    },
    read,
    adopt: async (_path, uri) => {
      throw readOnly(uri);
    },
    materialise: async (uri, path) => {
      await mkdir(dirname(path), { recursive: true });
      await rm(path, { recursive: true, force: true });
      await pipeline(await read(uri), createWriteStream(`${path}.half`));
      await rename(`${path}.half`, path);
    },
    remove: async (uri) => {
      throw readOnly(uri);
    },
  };
}

async function ask(uri: string, init: RequestInit, headTimeoutMs: number): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error('it did not answer in time')), headTimeoutMs);
  try {
    return await fetch(uri, { ...init, signal: patience.signal });
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new ProductError('UNAVAILABLE', `could not reach ${uri}: ${why}`, {
      hint: 'check the URI and the network',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Not every server knows ranges. */
async function* cut(stream: Readable, { start, end = Infinity }: { readonly start: number; readonly end?: number }) {
  let at = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const part = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at + 1));
    at += chunk.length;
    if (part.length > 0) yield part;
    if (at > end) return;
  }
}

function refused(attempt: string, status: number): ProductError {
  const code = status === 404 || status === 410 ? 'NOT_FOUND' : 'UNAVAILABLE';
  return new ProductError(code, `could not ${attempt}: the server answered HTTP status ${status}`, {
    hint: 'check the URI; what needs a login cannot be read',
  });
}

function readOnly(uri: string): ProductError {
  return new ProductError('INVALID_ARGUMENTS', `${uri} cannot be changed: artifacts on web servers are only read`, {
    hint: 'use a pipeline root that is a folder or an object store',
  });
}
