import { opendir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ProductError } from '../base/errors.ts';
import type { Artifact } from '../model/artifact.ts';
import type { App } from './app.ts';

export interface ArtifactFiles {
  readonly isFolder: boolean;
  /** Paths within a folder; the one file of an artifact that is a file has the path "". */
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly isTruncated: boolean;
}

const MAX_FILES = 5_000;

/** Whether an artifact is a folder. Throws NOT_FOUND when nothing is there. */
export async function isFolderArtifact({ artifacts }: App, { uri, name }: Artifact): Promise<boolean> {
  const local = artifacts.localPath(uri);
  if (local !== undefined) {
    const stats = await stat(local).catch(() => undefined);
    if (!stats) throw absent(name, uri);
    return stats.isDirectory();
  }
  const [first] = (await artifacts.list?.(uri, 1)) ?? [];
  if (!first && !(await artifacts.exists(uri))) throw absent(name, uri);
  return first?.path !== '';
}

/** The files of an artifact. Throws NOT_FOUND when nothing is there. */
export async function artifactFiles({ artifacts }: App, { uri, name }: Artifact): Promise<ArtifactFiles> {
  const local = artifacts.localPath(uri);
  if (local === undefined) {
    const files = (await artifacts.list?.(uri, MAX_FILES + 1)) ?? [];
    // An empty folder has no files, and yet it is there.
    if (files.length === 0 && !(await artifacts.exists(uri))) throw absent(name, uri);
    return { isFolder: files[0]?.path !== '', files: files.slice(0, MAX_FILES), isTruncated: files.length > MAX_FILES };
  }
  const stats = await stat(local).catch(() => undefined);
  if (!stats) throw absent(name, uri);
  if (!stats.isDirectory()) return { isFolder: false, files: [{ path: '', sizeBytes: stats.size }], isTruncated: false };
  return { isFolder: true, ...(await filesBelow(local)) };
}

async function filesBelow(folder: string) {
  const files: { path: string; sizeBytes: number }[] = [];
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue;
    if (files.length >= MAX_FILES) return { files, isTruncated: true };
    const file = join(entry.parentPath, entry.name);
    files.push({ path: relative(folder, file), sizeBytes: (await stat(file)).size });
  }
  return { files: files.toSorted((left, right) => (left.path < right.path ? -1 : 1)), isTruncated: false };
}

/** The URI of a file within an artifact; the artifact's own for "". Throws INVALID_ARGUMENTS for a path that leads out of it. */
export function fileUri({ uri }: Artifact, path: string): string {
  if (path === '') return uri;
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || path.includes('\0') || path.includes('\\')) {
    throw new ProductError('INVALID_ARGUMENTS', `${JSON.stringify(path)} is no path within an artifact`);
  }
  return `${uri.replace(/\/$/, '')}/${path}`;
}

const absent = (name: string, uri: string): ProductError =>
  new ProductError('NOT_FOUND', `artifact ${name} has no file`, { hint: `nothing is at ${uri}; it may have been removed` });
