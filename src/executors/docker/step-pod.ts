/** The containers of a step that has more than one: in Kubernetes they are a pod. Pure. */
import type { TaskError } from '../../model/outcome.ts';
import type { LaunchInitContainer, LaunchMount, TaskLaunch } from '../executor.ts';
import { inputError } from '../platform-env.ts';
import type { DockerAttempt } from './docker-attempt.ts';

/** The volume of the run's workspace, as KFP's compiler names it. */
export const WORKSPACE_VOLUME = 'kfp-workspace';
/** On every container of a step but its own: which one it is. */
export const CONTAINER_LABEL = 'pipewright.container';

export const SANDBOX_SUFFIX = '-sandbox';

export function isSidecar({ restartPolicy }: LaunchInitContainer): boolean {
  return restartPolicy === 'Always';
}

export function sandboxName({ container }: DockerAttempt): string {
  return container + SANDBOX_SUFFIX;
}

const MAX_NAME = 63;

/** Of the container that makes ours what the step wrote. */
export function ownerName({ container }: DockerAttempt): string {
  return `${container}-owner`;
}

/** By place and name: names are free text. */
export function initContainerName({ container }: DockerAttempt, place: number, { name }: LaunchInitContainer): string {
  return `${container}-init-${place}-${name.replace(/[^a-zA-Z0-9_.-]/g, '_').slice(0, MAX_NAME)}`;
}

/** All containers an attempt may have, those first that need the others. */
export function containerNames(attempt: DockerAttempt): readonly string[] {
  const { initContainers } = attempt.launch.platform;
  if (initContainers.length === 0) return [attempt.container];
  const beside = initContainers.map((container, place) => initContainerName(attempt, place, container));
  return [attempt.container, ...beside.reverse(), sandboxName(attempt)];
}

/** The volume an init container mounts, at the path where it does; undefined if the step has none of that name. */
export function volumeOf(
  { mounts }: TaskLaunch['platform'],
  { volumeName, mountPath }: LaunchInitContainer['volumeMounts'][number],
): LaunchMount | undefined {
  const found = mounts.find(({ name }) => name === volumeName);
  if (!found || found.kind !== 'pvc') return found && { ...found, mountPath };
  // The step may mount a part of the volume; another container mounts the volume.
  return { kind: 'pvc', name: found.name, mountPath };
}

/** Folders in memory that an init container mounts too: what it leaves there must reach the step. */
export function sharedMemory({ platform }: TaskLaunch): readonly Extract<LaunchMount, { kind: 'emptyDir' | 'ephemeral' }>[] {
  const mounted = new Set(
    platform.initContainers.flatMap(({ volumeMounts }) => volumeMounts.map(({ volumeName }) => volumeName)),
  );
  return platform.mounts.flatMap((mount) =>
    (mount.kind === 'emptyDir' || mount.kind === 'ephemeral') && mount.medium === 'Memory' && mounted.has(mount.name)
      ? [mount]
      : [],
  );
}

/** Whether its containers need something to share that outlives each of them. */
export function needsSandbox(launch: TaskLaunch): boolean {
  return launch.platform.initContainers.some(isSidecar) || sharedMemory(launch).length > 0;
}

/** What Kubernetes would refuse the pod for. */
export function initContainerError({ platform }: TaskLaunch): TaskError | undefined {
  const names = new Set<string>();
  for (const container of platform.initContainers) {
    const { name, image, restartPolicy } = container;
    const failed = (why: string, hint: string): TaskError => ({ ...inputError(`init container "${name}" ${why}`), hint });
    if (name === '') return { ...inputError('an init container has no name'), hint: 'name it (kubernetes.add_init_container)' };
    if (names.has(name)) return failed('is there twice', 'give each init container a name of its own');
    names.add(name);
    if (image === '') return failed('has no image', 'name its image (kubernetes.add_init_container)');
    if (restartPolicy !== '' && restartPolicy !== 'Always')
      return failed(`has the restart policy "${restartPolicy}"`, 'leave it out, or make it "Always" for a sidecar');
    for (const mount of container.volumeMounts) {
      const { volumeName, mountPath } = mount;
      if (!mountPath.startsWith('/')) return failed(`mounts "${volumeName}" at "${mountPath}"`, 'mount it at an absolute path');
      const isThere = volumeOf(platform, mount) !== undefined || (volumeName === WORKSPACE_VOLUME && platform.workspace);
      if (!isThere) return failed(`mounts the volume "${volumeName}", which the step does not have`, volumesHint(platform));
    }
  }
  return undefined;
}

function volumesHint({ mounts, workspace }: TaskLaunch['platform']): string {
  const names = [...mounts.map(({ name }) => name), ...(workspace ? [WORKSPACE_VOLUME] : [])];
  const known = names.length === 0 ? 'the step has no volumes' : `its volumes are ${[...new Set(names)].join(', ')}`;
  return `${known}; a claim, a secret and a config map go by their own names, an empty folder by its volume name`;
}
