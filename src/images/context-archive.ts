import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create, extract } from 'tar';
import { IGNORE_FILE } from './build-context.ts';
import type { BuildSources } from './image-backend.ts';

/** A name no context has: a Dockerfile from elsewhere goes by it, and is in no image. */
const BORROWED_NAME = '.dockerfile.pipewright';

export interface ContextArchive extends AsyncDisposable {
  /** A tar archive, packed as it is read. */
  readonly stream: Readable;
  /** Path of the Dockerfile in it. */
  readonly dockerfile: string;
}

/** All back ends are handed the same archive, so that what an image holds does not depend on which of them made it. */
export async function openContextArchive({ folder, entries, dockerfile }: BuildSources): Promise<ContextArchive> {
  const borrowed = isAbsolute(dockerfile) ? await archiveOfElsewhere(folder, dockerfile) : undefined;
  const own = borrowed === undefined ? entries : entries.filter((entry) => entry !== IGNORE_FILE);
  const archive = create(
    { cwd: folder, portable: true, noDirRecurse: true },
    // A name that begins with @ would be taken for an archive to add.
    [...own.map((entry) => `./${entry}`), ...(borrowed === undefined ? [] : [`@${borrowed.file}`])],
  );
  return {
    stream: Readable.from(archive as AsyncIterable<Buffer>),
    dockerfile: borrowed === undefined ? dockerfile : BORROWED_NAME,
    [Symbol.asyncDispose]: async () => borrowed?.remove(),
  };
}

export interface UnpackedContext extends AsyncDisposable {
  readonly folder: string;
  /** Empty, and gone with the rest: for what a builder keeps while it works. */
  readonly scratch: string;
}

/** The archive as a folder, for a builder that would hold an archive in memory. */
export async function unpackContextArchive({ stream }: ContextArchive): Promise<UnpackedContext> {
  // Where there is room for much: /tmp may be in memory.
  const parent = process.env['TMPDIR'] ?? (existsSync('/var/tmp') ? '/var/tmp' : tmpdir());
  const both = await mkdtemp(join(parent, 'pipewright-context-'));
  const remove = () => rm(both, { recursive: true, force: true });
  const [folder, scratch] = [join(both, 'context'), join(both, 'scratch')];
  try {
    for (const path of [folder, scratch]) await mkdir(path);
    // It is our own archive: its links are as they were, and its modes do not depend on the umask.
    await pipeline(stream, extract({ cwd: folder, preservePaths: true, preserveOwner: false, chmod: true }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, scratch, [Symbol.asyncDispose]: remove };
}

/** A Dockerfile outside of the folder, and an ignore file that keeps it out of the image. */
async function archiveOfElsewhere(folder: string, dockerfile: string) {
  const scratch = await mkdtemp(join(tmpdir(), 'pipewright-dockerfile-'));
  const ignore = join(folder, IGNORE_FILE);
  const isIgnoring = existsSync(ignore);
  const lines = [isIgnoring ? await readFile(ignore, 'utf8') : IGNORE_FILE, BORROWED_NAME, ''];
  await writeFile(join(scratch, IGNORE_FILE), lines.join('\n'));
  await copyFile(dockerfile, join(scratch, BORROWED_NAME));
  const file = join(scratch, 'dockerfile.tar');
  await create({ cwd: scratch, file, portable: true }, [IGNORE_FILE, BORROWED_NAME]);
  return { file, remove: () => rm(scratch, { recursive: true, force: true }) };
}
