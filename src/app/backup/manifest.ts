import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ProductError } from '../../base/errors.ts';
import { isJsonObject, type JsonValue } from '../../base/json.ts';

export const MANIFEST = 'manifest.json';
export const DATABASE = 'pipewright.db';
/** What a backup looks like; a reader refuses one it does not know. */
export const BACKUP_FORMAT = 1;

/** Says what a backup consists of; what is not in it is not restored. */
export interface Manifest {
  readonly format: number;
  readonly version: string;
  readonly createdAt: string;
  /** Where the data folder was: URIs of local artifacts begin with it. */
  readonly dataDir: string;
  readonly hasSecrets: boolean;
  readonly files: readonly BackedUpFile[];
}

/** A file with its content's digest, or a symbolic link. Paths are relative, with slashes. */
export type BackedUpFile =
  | { readonly path: string; readonly bytes: number; readonly sha256: string }
  | { readonly path: string; readonly link: string };

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Throws INVALID_ARGUMENTS for what is no manifest, UNSUPPORTED for one of a newer version. `from` names the backup. */
export function readManifest(text: string, from: string): Manifest {
  const json = parsed(text);
  if (!isJsonObject(json) || typeof json['format'] !== 'number' || !Array.isArray(json['files'])) throw noBackup(from);
  if (json['format'] > BACKUP_FORMAT) {
    throw new ProductError('UNSUPPORTED', `${from} was made by a newer version (${JSON.stringify(json['version'])})`, {
      hint: 'restore it with that version or a newer one',
    });
  }
  const manifest = json as unknown as Manifest;
  const isSafe = (path: unknown) =>
    typeof path === 'string' && path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
  if (typeof manifest.dataDir !== 'string' || !manifest.files.every((file) => isJsonObject(file) && isSafe(file.path)))
    throw noBackup(from);
  return manifest;
}

export function noBackup(from: string): ProductError {
  return new ProductError('INVALID_ARGUMENTS', `${from} is not a backup: it has no ${MANIFEST} that can be read`, {
    hint: 'name a file or folder that "pipewright backup" has written',
  });
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
