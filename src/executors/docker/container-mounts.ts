/** What a step's container is shown of this machine: its own folders, its artifacts, its volumes. */
import { existsSync, realpathSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import { mountPointsOf } from '../../launcher/remote-artifacts.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { LaunchMount, TaskLaunch } from '../executor.ts';
import type { SecretStore } from '../local-secrets.ts';
import { inputError, missingError } from '../platform-env.ts';
import { isVolumeName, volumeFolder } from '../volume-operation.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import { openInputs } from './open-inputs.ts';

export interface ContainerMount {
  /** Of this machine. Absent for memory and for volumes. */
  readonly source?: string;
  /** A volume of the daemon's. */
  readonly volume?: string;
  readonly target: string;
  readonly readOnly?: boolean;
  /** Of memory. */
  readonly sizeBytes?: number;
}

export type FoundMounts =
  | { readonly kind: 'mounts'; readonly mounts: readonly ContainerMount[] }
  | { readonly kind: 'failed'; readonly error: TaskError };

export interface MountHost {
  readonly dataDir: string;
  readonly artifacts: ArtifactStore;
  readonly secrets: SecretStore;
  /** The step runs as a user who is neither us nor root: what it writes to has to be open to all. Our data folder is not. */
  readonly isForeignUser: boolean;
  /** Of the daemon's, for folders in memory that several containers of the step share, by the folder's name. */
  readonly memoryVolumes?: ReadonlyMap<string, string>;
}

/** Makes the folders a container needs and says what is mounted where; all of it can be done again. */
export async function prepareMounts(attempt: DockerAttempt, host: MountHost): Promise<FoundMounts> {
  const { launch, paths, staged } = attempt;
  const own = staged!.folders.filter((folder) => !isInside(folder, paths.step) && !isInside(folder, paths.remote));
  const writable = [paths.step, paths.work, paths.home, ...staged!.folders];
  for (const folder of writable) await makeFolder(folder, host);
  const mounts: ContainerMount[] = [{ source: paths.step, target: paths.step }];
  for (const folder of own) mounts.push({ source: folder, target: folder });
  for (const mountPoint of mountPointsOf(launch, host.artifacts)) {
    const source = join(paths.remote, mountPoint);
    await makeFolder(source, host);
    mounts.push({ source, target: mountPoint });
  }
  if (host.isForeignUser) await openInputs(launch, host.artifacts);
  mounts.push(...inputMounts(launch, { artifacts: host.artifacts, shown: mounts.map(({ target }) => target) }));
  for (const mount of launch.platform.mounts) {
    const found = await platformMount(mount, paths.mounts, host);
    if (found.kind === 'failed') return found;
    mounts.push(...found.mounts);
  }
  if (launch.platform.workspace) mounts.push(await workspaceMount(launch, '/kfp-workspace', host));
  return { kind: 'mounts', mounts };
}

export async function workspaceMount({ runId }: TaskLaunch, target: string, host: MountHost): Promise<ContainerMount> {
  const source = workspaceFolder(host.dataDir, runId);
  await makeFolder(source, host);
  return { source, target };
}

/**
 * Read-only, at the paths they have here. An artifact that a step of ours wrote comes with what its step wrote beside it, since
 * steps do write `model.path + ".json"`; a user's own file comes alone. What is not there is not mounted.
 */
function inputMounts(
  { inputs }: TaskLaunch,
  { artifacts, shown }: { readonly artifacts: ArtifactStore; readonly shown: readonly string[] },
): readonly ContainerMount[] {
  const root = artifacts.localPath(artifacts.defaultPipelineRoot);
  const sources = new Set<string>();
  for (const { uri } of Object.values(inputs.artifacts).flat()) {
    const path = artifacts.localPath(uri);
    if (path === undefined || !existsSync(path)) continue;
    const folder = dirname(path);
    const isOfStep = root !== undefined && isInside(folder, root) && folder !== root;
    // The daemon would follow a link of the step's to anywhere on this machine.
    if (isOfStep && !isInside(realpathSync(folder), realpathSync(root))) continue;
    sources.add(isOfStep ? folder : path);
  }
  const all = [...sources, ...shown];
  return [...sources]
    .filter((source) => !all.some((other) => other !== source && isInside(source, other)) && !shown.includes(source))
    .map((source) => ({ source, target: source, readOnly: true }));
}

export async function platformMount(mount: LaunchMount, folder: string, host: MountHost): Promise<FoundMounts> {
  // As a kubelet does with a relative path.
  const target = resolve('/', mount.mountPath);
  const mounted = (found: Omit<ContainerMount, 'target'>): FoundMounts => ({ kind: 'mounts', mounts: [{ target, ...found }] });
  switch (mount.kind) {
    case 'pvc': {
      const subPath = mount.subPath ?? '';
      if (!isVolumeName(mount.name) || subPath.split('/').includes('..')) {
        const message = `volume "${mount.name}" with sub-path "${subPath}" cannot be mounted: not a valid name`;
        return { kind: 'failed', error: inputError(message) };
      }
      const source = join(volumeFolder(host.dataDir, mount.name), subPath);
      await makeFolder(source, host);
      return mounted({ source });
    }
    case 'secret':
    case 'configMap': {
      const kind = mount.kind === 'secret' ? 'secret' : 'configmap';
      const values = await host.secrets.read(kind, mount.name);
      if (!values)
        return mount.optional ? { kind: 'mounts', mounts: [] } : { kind: 'failed', error: missingError(kind, mount.name) };
      const source = join(folder, `${kind}-${mount.name}`);
      await mkdir(source, { recursive: true, mode: 0o755 });
      // Kubernetes' default mode, so that any user of the image can read it; the folder above is closed to this machine's users.
      for (const [key, value] of Object.entries(values)) await writeFile(join(source, key), value, { mode: 0o644 });
      return mounted({ source, readOnly: true });
    }
    case 'emptyDir':
    case 'ephemeral': {
      const volume = host.memoryVolumes?.get(mount.name);
      if (volume !== undefined) return mounted({ volume });
      if (mount.medium === 'Memory') return mounted(mount.sizeBytes === undefined ? {} : { sizeBytes: mount.sizeBytes });
      const source = join(folder, `${mount.kind}-${encodeURIComponent(mount.name).replaceAll('.', '%2E')}`);
      await mkdir(source, { recursive: true });
      await chmod(source, 0o777);
      return mounted({ source });
    }
  }
}

async function makeFolder(folder: string, { isForeignUser }: MountHost): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (isForeignUser) await chmod(folder, 0o777);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
