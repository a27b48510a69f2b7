import { mkdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ReadEntry } from 'tar';
import type { DockerApi } from '../../docker/docker-api.ts';

const KEPT = new Set(['File', 'OldFile', 'ContiguousFile', 'Directory', 'SymbolicLink', 'Link']);

/**
 * Copies what is in a folder of a container to `folder`, where everybody may read it. Links that lead out of the folder and devices
 * are left out; those that name the folder itself go on to work wherever the copy is shown. Throws DockerError: 404 if there is
 * nothing at the path; the signal's reason.
 */
export async function unpackFolder(
  api: DockerApi,
  containerId: string,
  { path, folder, signal }: { readonly path: string; readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  // The dot asks for what a link at the path leads to, and for nothing but a folder.
  const archive = await api.open('GET', `/containers/${containerId}/archive`, { query: { path: `${path}/.` }, signal });
  const { extract } = await import('tar');
  await mkdir(folder, { recursive: true });
  const filter = (_path: string, entry: object) => 'type' in entry && KEPT.has(String(entry.type));
  const onReadEntry = (entry: ReadEntry) => {
    entry.mode = (entry.mode ?? 0) | (entry.type === 'Directory' ? 0o755 : 0o644);
    if (entry.type === 'SymbolicLink') entry.linkpath = relativeLink(entry, path);
  };
  await pipeline(archive, extract({ cwd: folder, filter, onReadEntry, preserveOwner: false, noMtime: false }), { signal });
}

function relativeLink({ path, linkpath = '' }: ReadEntry, root: string): string {
  if (linkpath !== root && !linkpath.startsWith(`${root}/`)) return linkpath;
  return posix.relative(posix.dirname(posix.join('/', path)), posix.join('/', linkpath.slice(root.length))) || '.';
}
