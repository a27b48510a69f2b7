/**
 * Copies a data folder while a server may be working on it.
 *
 * I1. The database is copied first, in one transaction: whatever it names had been written by then, and is copied afterwards.
 * I2. Nothing has the backup's name before it is whole.
 */
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { create } from 'tar';
import type { Clock } from '../../base/clock.ts';
import { ProductError } from '../../base/errors.ts';
import { BACKUP_FORMAT, DATABASE, MANIFEST, sha256Of, type BackedUpFile, type Manifest } from './manifest.ts';

export interface BackupOptions {
  readonly dataDir: string;
  /** A file that ends in `.tar.gz` or `.tgz`, else a folder. It must not exist. */
  readonly target: string;
  /** With the local secrets, which anyone who has the backup can read then. Default: false. */
  readonly withSecrets?: boolean;
  readonly version: string;
  readonly clock: Clock;
  /** Copies the database, consistent as of one moment. */
  readonly copyDatabase: (target: string) => Promise<void>;
  readonly onProgress?: (progress: { readonly doing: string; readonly files: number; readonly bytes: number }) => void;
}

/** What a data folder consists of, besides what can be made again: environments, downloads, the files of running steps. */
const FOLDERS = ['artifacts', 'logs', 'workspaces', 'volumes', 'configmaps'] as const;
/** Only written once, by a rename: a second name is as good as a copy. */
const NEVER_CHANGED: ReadonlySet<string> = new Set(['artifacts']);
const STAGING = '.backup-';

export const isArchiveName = (path: string): boolean => /\.(tar\.gz|tgz)$/.test(path);

/** Throws NOT_FOUND without a database, ALREADY_EXISTS if there is something at the target. */
export async function createBackup(options: BackupOptions): Promise<Manifest> {
  const dataDir = resolve(options.dataDir);
  const target = resolve(options.target);
  if (await lstat(target).catch(() => undefined)) {
    throw new ProductError('ALREADY_EXISTS', `there is something at ${target} already`, {
      hint: 'choose another name, or move it away',
    });
  }
  await mkdir(dirname(target), { recursive: true });
  const isArchive = isArchiveName(target);
  // Beside what is copied, where a second name can be given to a file; a folder is made where it shall be.
  const staging = await mkdtemp(isArchive ? join(dataDir, STAGING) : join(dirname(target), STAGING));
  try {
    const manifest = await fill(staging, dataDir, { ...options, mayLink: isArchive });
    if (isArchive) await pack(staging, target, manifest, options);
    else await rename(staging, target);
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function fill(staging: string, dataDir: string, options: BackupOptions & { readonly mayLink: boolean }): Promise<Manifest> {
  const { clock, version, withSecrets = false, onProgress } = options;
  const createdAt = new Date(clock.now()).toISOString();
  onProgress?.({ doing: 'copying the database', files: 0, bytes: 0 });
  await options.copyDatabase(join(staging, DATABASE));
  const files: BackedUpFile[] = [];
  let bytes = 0;
  const add = async (path: string) => {
    const file = await described(join(staging, path), path);
    files.push(file);
    if ('bytes' in file) bytes += file.bytes;
    onProgress?.({ doing: 'copying files', files: files.length, bytes });
  };
  await add(DATABASE);
  for (const folder of withSecrets ? [...FOLDERS, 'secrets'] : FOLDERS) {
    const mayLink = options.mayLink && NEVER_CHANGED.has(folder);
    for await (const path of copied(dataDir, staging, folder, { mayLink })) await add(path);
  }
  const manifest: Manifest = { format: BACKUP_FORMAT, version, createdAt, dataDir, hasSecrets: withSecrets, files };
  await writeFile(join(staging, MANIFEST), JSON.stringify(manifest));
  return manifest;
}

async function described(file: string, path: string): Promise<BackedUpFile> {
  const found = await lstat(file);
  if (found.isSymbolicLink()) return { path, link: await readlink(file) };
  return { path, bytes: found.size, sha256: await sha256Of(file) };
}

/** Copies a folder and names each file. What goes away meanwhile, or is neither file nor link, is left out. */
async function* copied(
  from: string,
  to: string,
  folder: string,
  { mayLink }: { readonly mayLink: boolean },
): AsyncGenerator<string> {
  const entries = await readdir(join(from, folder), { withFileTypes: true }).catch(() => []);
  if (entries.length > 0) await mkdir(join(to, folder), { recursive: true, mode: folder === 'secrets' ? 0o700 : 0o777 });
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* copied(from, to, path, { mayLink });
    else if ((entry.isFile() || entry.isSymbolicLink()) && (await copyOne(join(from, path), join(to, path), { mayLink })))
      yield path;
  }
}

async function copyOne(source: string, target: string, { mayLink }: { readonly mayLink: boolean }): Promise<boolean> {
  try {
    const found = await lstat(source);
    if (found.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (!mayLink || !(await linked(source, target))) await copyFile(source, target, constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** False if the file system gives no second names. */
async function linked(source: string, target: string): Promise<boolean> {
  return await link(source, target).then(
    () => true,
    () => false,
  );
}

async function pack(staging: string, target: string, manifest: Manifest, { onProgress }: BackupOptions): Promise<void> {
  const half = `${target}.half`;
  const { files } = manifest;
  const bytes = files.reduce((sum, file) => sum + ('bytes' in file ? file.bytes : 0), 0);
  onProgress?.({ doing: 'packing', files: files.length, bytes });
  try {
    // The manifest comes first: whoever reads the archive knows what to expect.
    const names = [MANIFEST, ...files.map(({ path }) => path)];
    const how = { file: half, cwd: staging, gzip: true, portable: true, noDirRecurse: true, mode: 0o600 } as const;
    await create(how, names.map(escaped));
    await rename(half, target);
  } finally {
    await rm(half, { force: true });
  }
}

/** tar reads a name with an @ in front as an archive to be added. */
const escaped = (name: string): string => (name.startsWith('@') ? `./${name}` : name);
