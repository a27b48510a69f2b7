/**
 * Makes a data folder from a backup.
 *
 * I1. The folder must be empty; everything is unpacked and checked beside its place before the first file gets there.
 * I2. The database gets there last: a folder without it is no data folder yet.
 */
import { createReadStream } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import { ProductError } from '../../base/errors.ts';
import { DATABASE, MANIFEST, noBackup, readManifest, sha256Of, type BackedUpFile, type Manifest } from './manifest.ts';

export interface RestoreOptions {
  /** What createBackup has written: a file or a folder. */
  readonly source: string;
  readonly dataDir: string;
  /** Changes the database so that local artifacts are looked for in the new folder. */
  readonly relocate: (database: string, folders: { readonly from: string; readonly to: string }) => Promise<void>;
  readonly onProgress?: (progress: { readonly doing: string; readonly files: number; readonly total: number }) => void;
}

const UNPACKED = '.restoring';
/** An archive that unpacks to more than this for each byte is no backup of ours but a trap. */
const MAX_EXPANSION = 2_000;

/** Throws CONFLICT if the folder is not empty, NOT_FOUND, INVALID_ARGUMENTS if the backup is damaged or none. */
export async function restoreBackup(options: RestoreOptions): Promise<Manifest> {
  const [source, dataDir] = [resolve(options.source), resolve(options.dataDir)];
  const found = await lstat(source).catch(() => undefined);
  if (!found) throw new ProductError('NOT_FOUND', `there is no backup at ${source}`);
  if ((await readdir(dataDir).catch(() => [])).length > 0) {
    throw new ProductError('CONFLICT', `${dataDir} is not empty`, {
      hint: 'restore into a new folder with --data, then start the server with it',
    });
  }
  const unpacked = join(dataDir, UNPACKED);
  await mkdir(unpacked, { recursive: true });
  try {
    const folder = found.isDirectory() ? source : unpacked;
    if (!found.isDirectory()) await unpack(source, unpacked, found.size);
    const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => {
      throw noBackup(source);
    });
    const manifest = readManifest(text, source);
    await check(folder, manifest, options);
    if (folder !== unpacked) await copyFiles(folder, unpacked, manifest, options);
    await options.relocate(join(unpacked, DATABASE), { from: manifest.dataDir, to: dataDir });
    await moveIntoPlace(unpacked, dataDir);
    return manifest;
  } catch (error) {
    await rm(unpacked, { recursive: true, force: true });
    throw error;
  }
}

async function unpack(source: string, target: string, sourceBytes: number): Promise<void> {
  let bytes = 0;
  const limit = Math.max(sourceBytes, 1_024) * MAX_EXPANSION;
  const extraction = extract({
    cwd: target,
    strict: true,
    preserveOwner: false,
    filter: (_path, entry) => {
      bytes += 'size' in entry ? (entry.size ?? 0) : 0;
      if (bytes > limit) throw new ProductError('TOO_LARGE', `${source} unpacks to more than a backup of its size can have`);
      return !('type' in entry) || ['File', 'OldFile', 'SymbolicLink', 'Directory'].includes(entry.type);
    },
  });
  try {
    await pipeline(createReadStream(source), extraction);
  } catch (error) {
    // The file system's own errors are told as such; what tar complains of is the archive.
    const { path, message } = error as NodeJS.ErrnoException;
    if (error instanceof ProductError || (path !== undefined && !message.startsWith('TAR_'))) throw error;
    throw new ProductError('INVALID_ARGUMENTS', `${source} cannot be unpacked: ${message}`, {
      hint: 'the file is damaged or is no backup; use another one',
      cause: error,
    });
  }
}

async function check(folder: string, { files }: Manifest, { onProgress }: RestoreOptions): Promise<void> {
  if (!files.some(({ path }) => path === DATABASE)) throw noBackup(folder);
  for (const [index, file] of files.entries()) {
    if (!(await isWhole(join(folder, file.path), file))) {
      throw new ProductError('INVALID_ARGUMENTS', `the backup is damaged: ${file.path} is missing or not what was backed up`, {
        hint: 'use another backup; nothing has been restored',
      });
    }
    onProgress?.({ doing: 'checking', files: index + 1, total: files.length });
  }
}

async function isWhole(path: string, file: BackedUpFile): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return false;
  if ('link' in file) return found.isSymbolicLink() && (await readlink(path)) === file.link;
  return found.isFile() && found.size === file.bytes && (await sha256Of(path)) === file.sha256;
}

async function copyFiles(from: string, to: string, { files }: Manifest, { onProgress }: RestoreOptions): Promise<void> {
  for (const [index, file] of files.entries()) {
    const target = join(to, file.path);
    await mkdir(dirname(target), { recursive: true });
    if ('link' in file) await symlink(file.link, target);
    else await copyFile(join(from, file.path), target);
    onProgress?.({ doing: 'copying', files: index + 1, total: files.length });
  }
}

async function moveIntoPlace(unpacked: string, dataDir: string): Promise<void> {
  const names = (await readdir(unpacked)).filter((name) => name !== MANIFEST && name !== DATABASE);
  for (const name of [...names, DATABASE]) await rename(join(unpacked, name), join(dataDir, name));
  await rm(unpacked, { recursive: true, force: true });
}
