/** Objects as KFP's web frontend asks its own server for them: unpacked, cut off, or told in words. */
import type { Readable } from 'node:stream';
import type { Parser as TarParser } from 'tar';
import { artifactFiles, isFolderArtifact } from '../../app/artifact-files.ts';
import type { App } from '../../app/app.ts';
import type { Artifact } from '../../model/artifact.ts';
import { contentReply } from '../artifact-content.ts';

export interface ObjectRequest {
  /** How many bytes are wanted; undefined: all. */
  readonly peekBytes: number | undefined;
}

/** An archive whose first file is larger is given as it is. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * The bytes of an object. Of a tar that is gzipped, which steps of older pipelines leave, the first file; of a folder the archive,
 * or a list of its files when only the beginning is wanted. Throws NOT_FOUND.
 */
export async function objectReply(app: App, artifact: Artifact, { peekBytes }: ObjectRequest): Promise<Response> {
  if (peekBytes !== undefined && (await isFolderArtifact(app, artifact))) return await folderText(app, artifact);
  const file = await firstFileOf(app, artifact, peekBytes ?? MAX_UNPACKED_BYTES + 1);
  if (file && file.byteLength <= (peekBytes ?? MAX_UNPACKED_BYTES)) {
    return new Response(new Uint8Array(file), {
      headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'inline' },
    });
  }
  const range = peekBytes === undefined ? null : `bytes=0-${peekBytes - 1}`;
  const reply = await contentReply(app, artifact, { path: '', range, isDownload: false });
  if (reply.status !== 206) return reply;
  // The frontend asked for no range, so it is told of none.
  const headers = new Headers(reply.headers);
  headers.delete('content-range');
  return new Response(reply.body, { headers });
}

async function folderText(app: App, artifact: Artifact): Promise<Response> {
  const { files, isTruncated } = await artifactFiles(app, artifact);
  const lines = files.map(({ path, sizeBytes }) => `${path} (${sizeBytes} bytes)`);
  const text = [`A folder with ${files.length}${isTruncated ? ' and more' : ''} files:`, ...lines].join('\n');
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

async function firstFileOf({ artifacts }: App, { uri }: Artifact, limit: number): Promise<Buffer | undefined> {
  const size = await artifacts.size(uri);
  if (size === undefined || size < GZIP.length) return undefined;
  const head: Buffer[] = [];
  for await (const chunk of await artifacts.read(uri, { start: 0, end: GZIP.length - 1 })) head.push(chunk as Buffer);
  if (!Buffer.concat(head).equals(GZIP)) return undefined;
  // Not part of a server's start.
  const { Parser } = await import('tar');
  return await firstFile(await artifacts.read(uri), limit, Parser);
}

/** The beginning of the first file in a .tar.gz, at most `limit` bytes; undefined if it is none or has none. */
function firstFile(archive: Readable, limit: number, Parser: typeof TarParser): Promise<Buffer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let size = 0;
  const finish = (found: Buffer | undefined) => {
    archive.destroy();
    resolve(found?.subarray(0, limit));
  };
  const parser = new Parser({
    onReadEntry(entry) {
      if (entry.type !== 'File' && entry.type !== 'OldFile') {
        entry.resume();
        return;
      }
      entry.on('data', (chunk) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= limit) finish(Buffer.concat(chunks));
      });
      entry.on('end', () => finish(Buffer.concat(chunks)));
    },
  });
  parser.on('end', () => finish(undefined));
  for (const stream of [parser, archive]) stream.on('error', () => finish(undefined));
  archive.pipe(parser as unknown as NodeJS.WritableStream);
  return promise;
}
