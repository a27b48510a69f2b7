/**
 * What Kubernetes would do for a step, done on this machine: secrets and config maps from the local store, volumes as folders
 * shown at their mount paths (mount_step.py), facts about the pod as variables. What has no counterpart is ignored with a note.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceFolder } from '../workspace-folder.ts';
import type { JsonObject } from '../../base/json.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { LaunchMount, TaskLaunch } from '../executor.ts';
import type { SecretStore } from '../local-secrets.ts';
import { inputError, missingError, platformEnv } from '../platform-env.ts';
import { isVolumeName, volumeFolder } from '../volume-operation.ts';

export const WORKSPACE_PATH = '/kfp-workspace';

export type Emulated =
  | {
      readonly kind: 'ready';
      /** May hold secrets: it goes to the step, never to a file. */
      readonly env: Readonly<Record<string, string>>;
      /** For mount_step.py. */
      readonly mounts?: JsonObject;
    }
  | { readonly kind: 'failed'; readonly error: TaskError };

/** Whether there is anything to emulate; most steps have nothing. */
export function needsEmulation(launch: TaskLaunch): boolean {
  const { platform } = launch;
  return (
    platform.mounts.length > 0 ||
    platform.secretEnv.length > 0 ||
    platform.fieldPathEnv.length > 0 ||
    platform.workspace ||
    ignored(launch).length > 0
  );
}

/** Settings that have no meaning for a process of this machine, in the words of the SDK. */
export function ignored({ platform, placement }: Pick<TaskLaunch, 'platform' | 'placement'>): readonly string[] {
  // With node pools, admission has dealt with them.
  const isPlaced = placement?.node !== undefined;
  return [
    ...(!isPlaced && Object.keys(platform.nodeSelector).length > 0 ? ['node selector'] : []),
    ...(!isPlaced && platform.tolerations.length > 0 ? ['tolerations'] : []),
    ...(!isPlaced && (platform.nodeAffinity ?? []).length > 0 ? ['node affinity'] : []),
    ...(platform.imagePullPolicy || platform.imagePullSecrets.length > 0 ? ['image pull settings'] : []),
    ...(platform.securityContext ? ['security context'] : []),
    ...(platform.sharedMemoryBytes ? ['shared memory size'] : []),
    ...(platform.initContainers.length > 0 ? ['init containers'] : []),
  ];
}

export async function emulatePlatform(
  launch: TaskLaunch,
  host: {
    readonly dataDir: string;
    readonly secrets: SecretStore;
    /** Private folder of the attempt for what is mounted; made if needed. */
    readonly folder: string;
    readonly canMount: () => Promise<boolean>;
  },
): Promise<Emulated> {
  const { platform } = launch;
  const variables = await platformEnv(launch, host.secrets);
  if (variables.kind === 'failed') return variables;
  const { env } = variables;
  if (platform.mounts.length === 0 && !platform.workspace) return { kind: 'ready', env };
  if (!(await host.canMount())) {
    // Without mounts the workspace is named by its real path (see stageStep); nothing else can be had.
    if (platform.mounts.length === 0) return { kind: 'ready', env };
    const paths = platform.mounts.map(({ mountPath }) => mountPath).join(', ');
    return failed(
      `this machine cannot show folders at other paths to a step, as ${paths} needs`,
      'run the pipeline with --executor docker',
    );
  }
  return mountPlan(launch, host, env);
}

async function mountPlan(
  launch: TaskLaunch,
  host: { readonly dataDir: string; readonly secrets: SecretStore; readonly folder: string },
  env: Readonly<Record<string, string>>,
): Promise<Emulated> {
  const mounts: JsonObject[] = [];
  await mkdir(join(host.folder, 'root'), { recursive: true, mode: 0o700 });
  for (const mount of launch.platform.mounts) {
    const result = await mountOf(mount, host);
    if (result.kind === 'failed') return result;
    if (result.kind === 'mount') mounts.push(result.mount);
  }
  if (launch.platform.workspace) mounts.push({ target: WORKSPACE_PATH, source: workspaceFolder(host.dataDir, launch.runId) });
  return { kind: 'ready', env, mounts: { scratch: join(host.folder, 'root'), mounts } };
}

/** `none`: an optional secret that does not exist. */
type FoundMount =
  | { readonly kind: 'mount'; readonly mount: JsonObject }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly error: TaskError };

const found = (mount: JsonObject): FoundMount => ({ kind: 'mount', mount });

async function mountOf(
  mount: LaunchMount,
  host: { readonly dataDir: string; readonly secrets: SecretStore; readonly folder: string },
): Promise<FoundMount> {
  const target = mount.mountPath;
  switch (mount.kind) {
    case 'pvc': {
      const subPath = mount.subPath ?? '';
      if (!isVolumeName(mount.name) || subPath.split('/').includes('..')) {
        return {
          kind: 'failed',
          error: inputError(`volume "${mount.name}" with sub-path "${subPath}" cannot be mounted: not a valid name`),
        };
      }
      const source = join(volumeFolder(host.dataDir, mount.name), subPath);
      await mkdir(source, { recursive: true });
      return found({ target, source });
    }
    case 'secret':
    case 'configMap': {
      const kind = mount.kind === 'secret' ? 'secret' : 'configmap';
      const values = await host.secrets.read(kind, mount.name);
      if (!values) return mount.optional ? { kind: 'none' } : { kind: 'failed', error: missingError(kind, mount.name) };
      const source = join(host.folder, `${kind}-${mount.name}`);
      await mkdir(source, { recursive: true, mode: 0o700 });
      // As new names: a file of mode 0400 cannot be written again.
      for (const [key, value] of Object.entries(values))
        await writeFile(join(source, key), value, { mode: 0o400, flag: 'wx' }).catch(ignoreExisting);
      return found({ target, source, readOnly: true });
    }
    case 'emptyDir':
    case 'ephemeral': {
      if (mount.medium === 'Memory')
        return found({ target, source: null, ...(mount.sizeBytes === undefined ? {} : { bytes: mount.sizeBytes }) });
      const source = join(host.folder, `${mount.kind}-${encodeURIComponent(mount.name).replaceAll('.', '%2E')}`);
      await mkdir(source, { recursive: true, mode: 0o777 });
      return found({ target, source });
    }
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function failed(message: string, hint: string): Emulated {
  return { kind: 'failed', error: { ...inputError(message), hint } };
}
