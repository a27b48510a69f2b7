/** Gets the image of a step onto this machine as its pull policy says, with the credentials there are. */
import type { Clock } from '../../base/clock.ts';
import { askCredentialHelper } from '../../docker/credential-helper.ts';
import { isUnreachable, type DockerApi } from '../../docker/docker-api.ts';
import { parseImageReference } from '../../docker/image-reference.ts';
import { imageHas, inspectImage, type ImageFacts } from '../../docker/images.ts';
import {
  credentialHelper,
  findCredentials,
  readDockerConfig,
  registryAuth,
  type RegistryCredentials,
} from '../../docker/registry-credentials.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { LaunchPlatform, TaskLaunch } from '../executor.ts';
import type { SecretStore } from '../local-secrets.ts';
import { inputError } from '../platform-env.ts';
import type { ImagePulls } from './image-pulls.ts';
import { pullError } from './pull-error.ts';
import type { Turn } from './turns.ts';

export type FoundImage =
  /** `isRemembered`: it was there a moment ago. */
  | { readonly kind: 'image'; readonly image: ImageFacts; readonly isRemembered: boolean }
  | { readonly kind: 'failed'; readonly error: TaskError };

/** A name may be given to another image at any time; steps that start together need not ask one by one. */
const REMEMBERED_MS = 5000;
const MAX_REMEMBERED = 1000;

export interface WantedImage {
  readonly name: string;
  readonly policy?: LaunchPlatform['imagePullPolicy'];
  /** Whose pull secrets count, and who is told of the pull. */
  readonly launch: TaskLaunch;
}

/** The image of the step itself. */
export function stepImage(launch: TaskLaunch): WantedImage {
  return { name: launch.image, policy: launch.platform.imagePullPolicy, launch };
}

export class StepImages {
  readonly #options: StepImagesOptions;
  readonly #known = new Map<string, { readonly image: ImageFacts; readonly untilMs: number }>();
  readonly #files = new Map<string, Promise<boolean>>();

  constructor(options: StepImagesOptions) {
    this.#options = options;
  }

  /**
   * Throws only if the daemon cannot be reached, or the signal's reason when it is aborted. `turn` is not held
   * while it pulls. `isLastTry`: a pull whose connection breaks has failed. */
  async find(
    wanted: WantedImage,
    { turn, signal, isLastTry }: { readonly turn: Turn; readonly signal: AbortSignal; readonly isLastTry: boolean },
  ): Promise<FoundImage> {
    const { name, policy = 'IfNotPresent', launch } = wanted;
    const reference = parseImageReference(name);
    // An id is a name too, of an image that is here or nowhere.
    const isId = /^(sha256:)?[0-9a-f]{12,64}$/.test(name);
    if (!reference && !isId)
      return failed(
        `${JSON.stringify(name)} cannot be the name of an image`,
        'see NAME[:TAG|@DIGEST] in the documentation of docker',
      );
    if (policy !== 'Always') {
      const known = this.#known.get(name);
      if (known && known.untilMs > this.#options.clock.now()) return { kind: 'image', image: known.image, isRemembered: true };
      const present = await this.#present(name, signal);
      if (present) return { kind: 'image', image: present, isRemembered: false };
      if (policy === 'Never')
        return failed(`the image "${name}" is not on this machine, and its pull policy is Never`, `docker pull ${name}`);
    }
    if (!reference) return failed(`there is no image ${name} on this machine`, 'name it by repository and tag');
    const auth = await this.#credentials(launch, reference.registry);
    if (auth.kind === 'failed') return auth;
    try {
      await turn.outside(() => this.#pull(wanted, { auth: registryAuth(auth.credentials, reference.registry), signal }));
    } catch (error) {
      if (signal.aborted || (isUnreachable(error) && !isLastTry)) throw error;
      return { kind: 'failed', error: pullError(error as Error, name) };
    }
    const image = await this.#present(name, signal);
    return image
      ? { kind: 'image', image, isRemembered: false }
      : failed(`the image "${name}" was pulled, and is not there`, 'try docker pull by hand');
  }

  /** Whether the image has a file; an image never changes, so it is asked once. */
  async has(image: ImageFacts, path: string): Promise<boolean> {
    const key = `${image.id} ${path}`;
    let known = this.#files.get(key);
    if (!known) {
      if (this.#files.size >= MAX_REMEMBERED) this.#files.clear();
      this.#files.set(key, (known = imageHas(this.#options.api, image.id, { path, labels: this.#options.labels })));
      known.catch(() => this.#files.delete(key));
    }
    return known;
  }

  /** The daemon does not have it any more. */
  forget(name: string): void {
    this.#known.delete(name);
  }

  async #present(name: string, signal: AbortSignal): Promise<ImageFacts | undefined> {
    const { api, clock } = this.#options;
    const image = await inspectImage(api, name, { signal });
    if (!image) return undefined;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(name, { image, untilMs: clock.now() + REMEMBERED_MS });
    return image;
  }

  async #pull({ name, launch }: WantedImage, how: { readonly auth: string; readonly signal: AbortSignal }): Promise<void> {
    const { pulls, note } = this.#options;
    const onBegin = () => note(launch, `pulling the image ${name}`);
    await pulls.pull(name, { ...how, onBegin }).finally(() => this.forget(name));
  }

  /** The step's own pull secrets come before what the user has logged in to. */
  async #credentials({ platform }: TaskLaunch, registry: string) {
    const { secrets, environment } = this.#options;
    for (const name of platform.imagePullSecrets) {
      const values = await secrets.read('secret', name);
      if (!values) {
        const message = `image pull secret "${name}" not found in the local store`;
        return failed(message, `pipewright secret create ${name} --from-literal .dockerconfigjson="$(cat FILE)"`);
      }
      const text = values['.dockerconfigjson'] ?? values['.dockercfg'] ?? '';
      const credentials = findCredentials(text, registry);
      if (credentials) return { kind: 'found' as const, credentials };
    }
    const config = await readDockerConfig(environment);
    let credentials: RegistryCredentials | undefined = findCredentials(config, registry);
    const helper = credentials ? undefined : credentialHelper(config, registry);
    if (helper !== undefined) credentials = await askCredentialHelper(helper, registry, environment['PATH'] ?? '');
    return { kind: 'found' as const, credentials };
  }
}

export interface StepImagesOptions {
  readonly api: DockerApi;
  readonly clock: Clock;
  readonly pulls: ImagePulls;
  readonly secrets: SecretStore;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** On the containers that are made to look into an image. */
  readonly labels: Readonly<Record<string, string>>;
  readonly note: (launch: TaskLaunch, message: string) => void;
}

function failed(message: string, hint: string) {
  return { kind: 'failed' as const, error: { ...inputError(message), hint } };
}
