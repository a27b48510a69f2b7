import { cp, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
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
  const shown = await shownFolders(attempt, artifacts);
  const outputs = [
    ...Object.keys(launch.outputs.parameters).map((name) => parameterFile(paths, name)),
    ...(staged!.usesExecutorOutput ? [paths.executorOutput] : []),
    ...Object.values(launch.outputs.artifacts).map(({ uri }) => hostPathOf(uri, { artifacts, remote: paths.remote })),
  ];
  for (const [index, path] of outputs.entries()) {
    const base = [paths.step, paths.taskRoot, paths.remote].find((folder) => path.startsWith(folder + sep));
    const link = base === undefined ? undefined : await firstLink(base, path);
    if (link === undefined || (await leadsInto(path, shown))) continue;
    const folder = join(paths.folder, `link-${index}`);
    const copy = await copyOut(api, attempt.containerId!, { path, folder });
    await rm(link);
    if (copy === undefined) continue;
    await mkdir(dirname(path), { recursive: true });
    await cp(copy, path, { recursive: true });
  }
}

/** What the step sees at the same path as we do. */
async function shownFolders({ launch, paths }: DockerAttempt, artifacts: ArtifactStore): Promise<readonly string[]> {
  const inputs = Object.values(launch.inputs.artifacts)
    .flat()
    .map(({ uri }) => artifacts.localPath(uri))
    .filter((path) => path !== undefined);
  return Promise.all([paths.step, paths.taskRoot, paths.remote, ...inputs].map((path) => realpath(path).catch(() => path)));
}

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
