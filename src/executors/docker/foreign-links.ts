import { cp, lstat, mkdir, readlink, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { DockerApi } from '../../docker/docker-api.ts';
import { hostPathOf } from '../../launcher/remote-artifacts.ts';
import { parameterFile } from '../../launcher/step-paths.ts';
import { copyOut } from './copy-out.ts';
import type { DockerAttempt } from './docker-attempt.ts';

/**
 * A step may write a link where an output belongs, and the link means what it means in the container. One that leads out of the
 * folders the step was shown is replaced by what the container has there; followed here, it would give the step a file of this
 * machine. Done again, there is nothing left to replace.
 */
export async function replaceForeignLinks(
  api: DockerApi,
  attempt: DockerAttempt,
  { artifacts }: { readonly artifacts: ArtifactStore },
): Promise<void> {
  const { launch, paths, staged } = attempt;
  const shown = shownFolders(attempt, artifacts);
  const realShown = await Promise.all(shown.map((folder) => realpath(folder).catch(() => folder)));
  const outputs = [
    ...Object.keys(launch.outputs.parameters).map((name) => parameterFile(paths, name)),
    ...(staged!.usesExecutorOutput ? [paths.executorOutput] : []),
    ...Object.values(launch.outputs.artifacts).map(({ uri }) => hostPathOf(uri, { artifacts, remote: paths.remote })),
  ];
  for (const [index, path] of outputs.entries()) {
    const base = [paths.step, paths.taskRoot, paths.remote].find((folder) => path.startsWith(folder + sep));
    const link = base === undefined ? undefined : await firstLink(base, path);
    if (link === undefined || (await leadsInto(path, realShown))) continue;
    const folder = join(paths.folder, `link-${index}`);
    const copy = await copyOut(api, attempt.containerId!, { path: await leaveShown(path, shown), folder });
    await rm(link);
    if (copy === undefined) continue;
    await mkdir(dirname(path), { recursive: true });
    await cp(copy, path, { recursive: true });
  }
}

/** What the step sees at the same path as we do. */
function shownFolders({ launch, paths }: DockerAttempt, artifacts: ArtifactStore): readonly string[] {
  const inputs = Object.values(launch.inputs.artifacts)
    .flat()
    .map(({ uri }) => artifacts.localPath(uri))
    .filter((path) => path !== undefined);
  return [paths.step, paths.taskRoot, paths.remote, ...inputs];
}

/**
 * The first path on the way that is not in a folder of ours: Podman follows a link in a mounted folder only as far as that folder.
 * Links that lead round and round end somewhere on their way, where nothing is found.
 */
async function leaveShown(path: string, shown: readonly string[]): Promise<string> {
  let at = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const folder = shown.find((each) => at.startsWith(each + sep));
    const link = folder === undefined ? undefined : await firstLink(folder, at);
    if (link === undefined) return at;
    at = join(resolve(dirname(link), await readlink(link)), relative(link, at));
  }
  return at;
}

/** As Linux has it. */
const MAX_LINKS = 40;

async function firstLink(base: string, path: string): Promise<string | undefined> {
  let at = base;
  for (const part of relative(base, path).split(sep)) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (!found) return undefined;
    if (found.isSymbolicLink()) return at;
  }
  return undefined;
}

async function leadsInto(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  return real !== undefined && folders.some((folder) => real === folder || real.startsWith(folder + sep));
}
