import { hasStatus, ifFound } from '../../docker/docker-api.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { ImageFacts } from '../../docker/images.ts';
import type { TaskError } from '../../model/outcome.ts';
import { inputError } from '../platform-env.ts';
import { networkConfig, seLinuxConfig, SHELL } from './container-config.ts';
import type { ContainerState } from './container-outcome.ts';
import { labelsOf } from './container-labels.ts';
import type { DaemonPatience } from './daemon-patience.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import { CONTAINER_LABEL, sandboxName, sharedMemory } from './step-pod.ts';

export interface Sandbox {
  /** For the containers that share it. */
  readonly network: string;
  /** Of the daemon's, by the name of the folder in memory. */
  readonly memoryVolumes: ReadonlyMap<string, string>;
  /** It had ended: what was in memory is gone. */
  readonly wasRestarted: boolean;
}

export type FoundSandbox =
  | { readonly kind: 'sandbox'; readonly sandbox: Sandbox }
  | { readonly kind: 'failed'; readonly error: TaskError };

export interface PodSandboxOptions {
  readonly info: DockerInfo;
  readonly patience: DaemonPatience;
  readonly network?: string;
  /** On all our containers. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Anonymous volumes are removed with the container they were made for. */
const VOLUME_FOLDER = '/pipewright-volumes';

interface Inspected {
  readonly State: ContainerState;
  readonly Mounts?: readonly { readonly Name?: string; readonly Destination: string }[] | null;
}

/**
 * What the containers of a step share: the network, so that a sidecar is at localhost, and folders in memory. Both live as long as a
 * container that does nothing, as Kubernetes' pause container does; a program that waits is the only thing asked of its image.
 */
export class PodSandbox {
  readonly #options: PodSandboxOptions;

  constructor(options: PodSandboxOptions) {
    this.#options = options;
  }

  /** `image`: one that has a shell, or undefined if none does. Asked again, it finds what is there. Throws DockerError. */
  async open(attempt: DockerAttempt, image: ImageFacts | undefined): Promise<FoundSandbox> {
    const name = sandboxName(attempt);
    let found = await this.#inspect(attempt, name);
    if (!found) {
      if (!image) return { kind: 'failed', error: noShellError() };
      await this.#create(attempt, name, image);
    }
    const wasRestarted = found?.State.Status === 'exited';
    if (!found?.State.Running) await this.#options.patience.call(attempt, 'POST', `/containers/${name}/start`);
    found = (await this.#inspect(attempt, name))!;
    if (!found.State.Running) return { kind: 'failed', error: notRunningError(found.State) };
    const memoryVolumes = new Map<string, string>();
    for (const { name: volume } of sharedMemory(attempt.launch)) {
      const mounted = found.Mounts?.find(({ Destination }) => Destination === folderOf(volume));
      if (mounted?.Name !== undefined) memoryVolumes.set(volume, mounted.Name);
    }
    const { NetworkMode = '' } = networkConfig(this.#options);
    return {
      kind: 'sandbox',
      sandbox: { network: NetworkMode === 'host' ? 'host' : `container:${name}`, memoryVolumes, wasRestarted },
    };
  }

  async #create(attempt: DockerAttempt, name: string, image: ImageFacts): Promise<void> {
    const { info, labels, patience } = this.#options;
    const body = {
      Image: image.id,
      Entrypoint: [SHELL, '-c', `exec sleep ${FOREVER_S}`],
      Cmd: [],
      User: '0',
      Labels: { ...labels, ...labelsOf(attempt.launch), [CONTAINER_LABEL]: 'sandbox' },
      HostConfig: {
        ...networkConfig(this.#options),
        Mounts: sharedMemory(attempt.launch).map(({ name: volume, sizeBytes }) => ({
          Type: 'volume',
          Target: folderOf(volume),
          VolumeOptions: { DriverConfig: { Name: 'local', Options: memoryOptions(sizeBytes) } },
        })),
        ...seLinuxConfig(info),
      },
    };
    await patience.call(attempt, 'POST', '/containers/create', { query: { name }, body }).catch((error: unknown) => {
      // Made by a request whose answer was lost.
      if (!hasStatus(error, 409)) throw error;
    });
  }

  async #inspect(attempt: DockerAttempt, name: string): Promise<Inspected | undefined> {
    const asked = this.#options.patience.call(attempt, 'GET', `/containers/${name}/json`);
    return (await ifFound(asked)) as Inspected | undefined;
  }
}

/** What every `sleep` takes: 68 years. */
const FOREVER_S = 2 ** 31 - 1;

const folderOf = (volume: string): string => `${VOLUME_FOLDER}/${encodeURIComponent(volume)}`;

function memoryOptions(sizeBytes: number | undefined) {
  const size = sizeBytes === undefined ? '' : `,size=${sizeBytes}`;
  return { type: 'tmpfs', device: 'tmpfs', o: `mode=1777${size}` };
}

function noShellError(): TaskError {
  return {
    ...inputError(
      `sidecars, and memory that init containers share with the step, need an image with ${SHELL} here, and the step has none`,
    ),
    hint: 'let the step or one of its init containers use an image with a shell',
  };
}

function notRunningError({ ExitCode, Error: reason = '' }: ContainerState): TaskError {
  const message = `the container that a step shares with its sidecars does not run (exit status ${ExitCode})${reason && `: ${reason}`}`;
  return { code: 1, cause: 'system', message, hint: 'the image it is made from needs the program sleep' };
}
