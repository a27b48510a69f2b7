import { realpath, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import type { ArtifactStore } from '../artifact-store.ts';
import { explained, isMissing } from './file-errors.ts';
import { fileSize } from './file-size.ts';
import { handOver, linkInto } from './hand-over.ts';
import { isBelow } from './is-below.ts';
import { isLocalUri, localPathOf } from './local-path.ts';
import { readFile } from './read-file.ts';

/**
 * Artifacts as files and folders of this machine. Pipelines write below `root`; any absolute path can be read, since importers
 * name files of the user's own, but only what is below `root` is ever removed.
 */
export function openLocalArtifactStore(options: { readonly root: string }): ArtifactStore {
  const root = resolve(options.root);
  return {
    name: 'local',
    defaultPipelineRoot: root,
    handles: isLocalUri,
    localPath: (uri) => (isLocalUri(uri) ? localPathOf(uri) : undefined),
    size: (uri) => explained(`measure the artifact ${uri}`, async () => fileSize(localPathOf(uri))),
    exists: (uri) => explained(`look for the artifact ${uri}`, async () => exists(localPathOf(uri))),
    read: (uri, range) => explained(`read the artifact ${uri}`, async () => readFile(localPathOf(uri), root, range)),
    adopt: (path, uri) =>
      explained(`take ${path} over as the artifact ${uri}`, async () => handOver(resolve(path), localPathOf(uri), root)),
    materialise: (uri, path) =>
      explained(`make the artifact ${uri} appear at ${path}`, async () => linkInto(localPathOf(uri), resolve(path), root)),
    remove: (uri) => explained(`remove the artifact ${uri}`, async () => remove(localPathOf(uri), root)),
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function remove(path: string, root: string): Promise<void> {
  if (!isBelow(path, root)) throw notOurs(path, root);
  try {
    // A folder on the way may be a link; the last part is removed as a link.
    const [folder, realRoot] = await Promise.all([realpath(dirname(path)), realpath(root)]);
    if (folder !== realRoot && !isBelow(folder, realRoot)) throw notOurs(path, root);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await rm(path, { recursive: true, force: true });
}

function notOurs(path: string, root: string): ProductError {
  return new ProductError('INVALID_ARGUMENTS', `will not remove ${path}: it is not in the artifact folder ${root}`, {
    hint: 'only artifacts that pipelines wrote there are removed; remove your own files yourself',
  });
}
