import { join } from 'node:path';
import { ProductError } from '../../base/errors.ts';

const FILE_SCHEME = /^file:\/\//i;

export const isLocalUri = (uri: string): boolean => uri.startsWith('/') || FILE_SCHEME.test(uri);

/**
 * The absolute path a local URI names: a plain absolute path as it is, `file://` with its percent-encoding undone (RFC 8089).
 * Symbolic links are not resolved. Throws INVALID_ARGUMENTS for what must not be followed: `..`, NUL, another host.
 */
export function localPathOf(uri: string): string {
  if (!isLocalUri(uri)) throw refused(uri, 'it is not on this machine', 'use an absolute path or a file:// URI');
  const path = FILE_SCHEME.test(uri) ? fileUriPath(uri) : uri;
  if (path.includes('\0')) throw refused(uri, 'it has a NUL character');
  if (path.split('/').includes('..')) throw refused(uri, 'it has a ".." segment', 'write the path without ".."');
  const normal = join(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

function fileUriPath(uri: string): string {
  const [, host, encoded] = /^file:\/\/([^/]*)(.*)$/is.exec(uri)!;
  if (host !== '' && host!.toLowerCase() !== 'localhost') {
    throw refused(uri, `it names the host ${host}`, 'local URIs have three slashes: file:///folder/file');
  }
  if (encoded === '') throw refused(uri, 'it names no path');
  if (/[?#]/.test(encoded!)) throw refused(uri, 'it has a query or fragment', 'write ? as %3F and # as %23');
  try {
    return decodeURIComponent(encoded!);
  } catch (error) {
    throw refused(uri, 'its percent-encoding is broken', 'write % as %25', error);
  }
}

function refused(uri: string, why: string, hint?: string, cause?: unknown): ProductError {
  const shown = JSON.stringify(uri.slice(0, 500));
  return new ProductError('INVALID_ARGUMENTS', `the artifact URI ${shown} cannot be used: ${why}`, {
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
}
