import { expandVariables } from '../../launcher/expand-variables.ts';
import type { ImageFacts } from '../../docker/images.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { LaunchInitContainer, TaskLaunch } from '../executor.ts';
import { openSecretStore } from '../local-secrets.ts';
import { nulCharacterError } from '../nul-character.ts';
import { programConfig, SHELL } from './container-config.ts';
import { labelsOf } from './container-labels.ts';
import { platformMount, workspaceMount, type FoundMounts, type ContainerMount, type MountHost } from './container-mounts.ts';
import type { ContainerPreparation, PreparationOptions, Prepared, Waiting } from './container-preparation.ts';
import { chooseUser, isForeign, isRoot } from './container-user.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import { stepImage, type WantedImage } from './step-images.ts';
import { CONTAINER_LABEL, isSidecar, volumeOf } from './step-pod.ts';

/** Where a user the image does not know may write. */
const HOME_OF_OTHERS = '/tmp';

export type FoundShell =
  | { readonly kind: 'image'; readonly image: ImageFacts | undefined }
  | { readonly kind: 'failed'; readonly error: TaskError };

/** What the daemon is told of a step's init containers. They see the step's volumes that they mount, and nothing else of this machine. */
export class InitContainerPreparation {
  readonly #options: PreparationOptions;
  readonly #preparation: ContainerPreparation;

  constructor(options: PreparationOptions, preparation: ContainerPreparation) {
    this.#options = options;
    this.#preparation = preparation;
  }

  async prepare(attempt: DockerAttempt, container: LaunchInitContainer, waiting: Waiting): Promise<Prepared> {
    const { images, patience, hostEnv, info, ourUser, network, labels } = this.#options;
    const { launch } = attempt;
    const found = await this.#preparation.findImage(attempt, imageOf(launch, container), waiting);
    if (found.kind === 'failed') return found;
    // The step's security context is its own container's.
    const { securityContext: _own, ...platform } = launch.platform;
    const chosen = chooseUser({ platform, image: container.image }, found.image, ourUser);
    if (chosen.kind === 'failed') return chosen;
    const mounts = await this.#mounts(attempt, container, { isForeignUser: isForeign(chosen.user ?? found.image.user, ourUser) });
    if (mounts.kind === 'failed') return mounts;
    const home = chosen.user === undefined || isRoot(chosen.user) ? {} : { HOME: HOME_OF_OTHERS };
    const env: Record<string, string> = { ...hostEnv.env, ...home };
    for (const { name, value } of container.env) env[name] = expandVariables(value, (variable) => env[variable]);
    const { image, command, args, resources } = container;
    const unfit = nulCharacterError({ argv: [...command, ...args], env });
    if (unfit) return { kind: 'failed', error: unfit };
    const sharedNetwork = attempt.pod?.sandbox?.network ?? network;
    const program = { image, command, args, env, resources, ...(isSidecar(container) ? { restarts: true as const } : {}) };
    const body = programConfig(program, {
      info,
      image: found.image,
      env: {},
      mounts: [...mounts.mounts, ...hostEnv.files.map((file) => ({ ...file, readOnly: true }))],
      user: chosen.user,
      hasShell: await patience.insist(attempt, () => images.has(found.image, SHELL), waiting.signal),
      labels: { ...labels, ...labelsOf(launch), [CONTAINER_LABEL]: container.name },
      // As in a pod, the program is the first process: it hears of its end only if it listens.
      useInit: false,
      ...(sharedNetwork === undefined ? {} : { network: sharedNetwork }),
    });
    return { kind: 'ready', body, image: found.image, isKnownImage: found.isRemembered };
  }

  /** The first of the step's images that has a shell. */
  async imageWithShell(attempt: DockerAttempt, waiting: Waiting): Promise<FoundShell> {
    const { images, patience } = this.#options;
    const { launch } = attempt;
    for (const wanted of [stepImage(launch), ...launch.platform.initContainers.map((container) => imageOf(launch, container))]) {
      const found = await this.#preparation.findImage(attempt, wanted, waiting);
      if (found.kind === 'failed') return found;
      if (await patience.insist(attempt, () => images.has(found.image, SHELL), waiting.signal)) return found;
    }
    return { kind: 'image', image: undefined };
  }

  async #mounts(
    attempt: DockerAttempt,
    { volumeMounts }: LaunchInitContainer,
    { isForeignUser }: { readonly isForeignUser: boolean },
  ): Promise<FoundMounts> {
    const { dataDir, artifacts } = this.#options;
    const { launch, paths, pod } = attempt;
    const memoryVolumes = pod?.sandbox?.memoryVolumes;
    const host: MountHost = {
      dataDir,
      artifacts,
      secrets: openSecretStore(dataDir),
      isForeignUser,
      ...(memoryVolumes ? { memoryVolumes } : {}),
    };
    const mounts: ContainerMount[] = [];
    for (const asked of volumeMounts) {
      const volume = volumeOf(launch.platform, asked);
      // It was checked: what is no volume of the step's is the workspace.
      if (!volume) mounts.push(await workspaceMount(launch, asked.mountPath, host));
      else {
        const found = await platformMount(volume, paths.mounts, host);
        if (found.kind === 'failed') return found;
        mounts.push(...found.mounts);
      }
    }
    return { kind: 'mounts', mounts };
  }
}

/** The step's pull policy is its own container's; its pull secrets are the pod's. */
function imageOf(launch: TaskLaunch, { image }: LaunchInitContainer): WantedImage {
  return { name: image, launch };
}
