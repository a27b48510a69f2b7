/** Archives of root file systems, kept between runs, and Docker's images of them. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, runs } from './run-program.ts';

/** Changed with what is in them, so that a cached one is made anew. */
export const VERSION = 1;
const IMPORT_TIMEOUT_MS = 120_000;

/** Fills a folder with the files of an image; false if it cannot be done here. */
export type Fill = (folder: string) => boolean;

/** Where what takes long to make is kept between runs. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pipewright', 'containers');
}

/** `changes`: lines of a Dockerfile that `docker import` takes. */
export function importImage(
  tag: string,
  { name, changes, fill }: { readonly name: string; readonly changes: readonly string[]; readonly fill: Fill },
): boolean {
  const archive = haveArchive(name, fill);
  if (archive === undefined) return false;
  return docker(['import', ...changes.flatMap((change) => ['--change', change]), archive, tag], IMPORT_TIMEOUT_MS);
}

/** The archive's path; undefined if it cannot be made here. */
export function haveArchive(name: string, fill: Fill): string | undefined {
  const archive = join(cacheFolder(), `${name}-${VERSION}.tar.gz`);
  if (existsSync(archive)) return archive;
  console.log(`making the base image ${name}`);
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-image-'));
  try {
    const half = `${archive}.${process.pid}`;
    if (!fill(folder) || !runs('tar', ['-C', folder, '--numeric-owner', '-czf', half, '.'])) return undefined;
    renameSync(half, archive);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
