import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { fileUri, isFolderArtifact } from '../app/artifact-files.ts';
import type { App } from '../app/app.ts';
import { ProductError } from '../base/errors.ts';
import type { Artifact } from '../model/artifact.ts';
import { parseRange } from './byte-range.ts';
import { contentType } from './content-type.ts';

export interface ContentRequest {
  /** A file within a folder; "" for the artifact itself. */
  readonly path: string;
  readonly range: string | null;
  readonly isDownload: boolean;
}

/**
 * What users wrote is shown to other users: a page in it runs in a sandbox without an origin and cannot ask this server for
 * anything in their name.
 */
const SANDBOX =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' https:; style-src 'unsafe-inline' https:; img-src data: blob: https:; font-src data: https:";

/** The bytes of an artifact, or of one of its files; a folder comes as tar.gz. Throws NOT_FOUND, INVALID_ARGUMENTS. */
export async function contentReply(
  app: App,
  artifact: Artifact,
  { path, range: header, isDownload }: ContentRequest,
): Promise<Response> {
  const isFolder = await isFolderArtifact(app, artifact);
  if (isFolder && path === '') return await folderReply(app, artifact);
  if (!isFolder && path !== '') throw new ProductError('NOT_FOUND', `artifact ${artifact.name} is a file: it has no ${path}`);
  const uri = fileUri(artifact, path);
  const size = await app.artifacts.size(uri);
  if (size === undefined) throw new ProductError('NOT_FOUND', `artifact ${artifact.name} has no file ${path}`);
  const range = parseRange(header, size);
  if (range === 'unsatisfiable') return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  const name = fileName(path || artifact.uri);
  const type = contentType(name, artifact.type.schemaTitle);
  const headers = {
    'content-type': type,
    'content-length': String(range ? range.end - range.start + 1 : size),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-security-policy': SANDBOX,
    'content-disposition': disposition(isDownload ? 'attachment' : 'inline', name),
    ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${size}` } : {}),
  };
  const body = size === 0 ? null : Readable.toWeb(await app.artifacts.read(uri, range));
  return new Response(body as ReadableStream | null, { status: range ? 206 : 200, headers });
}

async function folderReply({ artifacts }: App, artifact: Artifact): Promise<Response> {
  const folder = artifacts.localPath(artifact.uri);
  if (folder === undefined) {
    throw new ProductError('UNSUPPORTED', 'a folder in an object store is not packed here', {
      hint: 'fetch its files one by one',
    });
  }
  // Not part of a server's start.
  const { create } = await import('tar');
  const archive = Readable.from(create({ cwd: folder, gzip: true, portable: true }, ['.']) as AsyncIterable<Uint8Array>);
  return new Response(Readable.toWeb(archive) as ReadableStream, {
    headers: {
      'content-type': 'application/gzip',
      'content-disposition': disposition('attachment', `${fileName(artifact.uri)}.tar.gz`),
    },
  });
}

const fileName = (path: string): string => basename(path) || 'artifact';

/** The name in both forms of RFC 6266. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
