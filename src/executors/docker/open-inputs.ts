import { chmod, lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { TaskLaunch } from '../executor.ts';

const DIRECTORY_BITS = 0o555;
const FILE_BITS = 0o444;
const ANY_EXECUTE = 0o111;

/**
 * Makes what other steps wrote readable for any user, whatever modes they gave: KFP hands artifacts on through an object store, which
 * keeps no modes, so a step can read what one of another user wrote. Only what is in our pipeline roots: a user's own files stay as
 * they are. Done when a step of another user needs it, so that it holds for what processes wrote, and for cached outputs.
 */
export async function openInputs({ inputs, run }: TaskLaunch, artifacts: ArtifactStore): Promise<void> {
  const roots = [artifacts.defaultPipelineRoot, run.pipelineRoot].flatMap((uri) => artifacts.localPath(uri) ?? []);
  for (const { uri } of Object.values(inputs.artifacts).flat()) {
    const path = artifacts.localPath(uri);
    if (path !== undefined && roots.some((root) => path.startsWith(root.replace(/\/$/, '') + sep))) await openToAll(path);
  }
}

/** `chmod -R a+rX`. Links are not followed; what is not ours to change stays closed, and the step says so. */
export async function openToAll(path: string): Promise<void> {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) {
      await addBits(path, found.mode, DIRECTORY_BITS);
      for (const name of await readdir(path)) await openToAll(join(path, name));
    } else if (found.isFile()) {
      await addBits(path, found.mode, (found.mode & ANY_EXECUTE) === 0 ? FILE_BITS : FILE_BITS | ANY_EXECUTE);
    }
  } catch (error) {
    if (!['ENOENT', 'EPERM', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function addBits(path: string, mode: number, bits: number): Promise<void> {
  if ((mode & bits) !== bits) await chmod(path, (mode & 0o7777) | bits);
}
