/** Gets the image of a step onto this machine as its pull policy says, with the credentials there are. */
import type { Clock } from '../../base/clock.ts';
import { askCredentialHelper } from '../../docker/credential-helper.ts';
import { DockerError, isUnreachable, type DockerApi } from '../../docker/docker-api.ts';
import { parseImageReference } from '../../docker/image-reference.ts';
import { imageHas, inspectImage, pullImage, type ImageFacts } from '../../docker/images.ts';
import {
  credentialHelper,
  findCredentials,
  readDockerConfig,
  registryAuth,
  type RegistryCredentials,
} from '../../docker/registry-credentials.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import type { SecretStore } from '../local-secrets.ts';
import { inputError } from '../platform-env.ts';

export type FoundImage =
  /** `isRemembered`: it was there a moment ago. */
  | { readonly kind: 'image'; readonly image: ImageFacts; readonly isRemembered: boolean }
  | { readonly kind: 'failed'; readonly error: TaskError };

/** A name may be given to another image at any time; steps that start together need not ask one by one. */
const REMEMBERED_MS = 5000;
const MAX_REMEMBERED = 1000;

export class StepImages {
  readonly #options: StepImagesOptions;
  readonly #known = new Map<string, { readonly image: ImageFacts; readonly untilMs: number }>();
  /** Pulls on their way, by image and credentials: a hundred steps of one image pull it once. */
  readonly #pulls = new Map<string, Promise<void>>();

  readonly #files = new Map<string, Promise<boolean>>();

  constructor(options: StepImagesOptions) {
    this.#options = options;
  }

  /** Throws only if the daemon cannot be reached. */
  async find(launch: TaskLaunch): Promise<FoundImage> {
    const { image: name, platform } = launch;
    const { imagePullPolicy: policy = 'IfNotPresent' } = platform;
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
      const present = await this.#present(name);
      if (present) return { kind: 'image', image: present, isRemembered: false };
      if (policy === 'Never')
        return failed(`the image "${name}" is not on this machine, and its pull policy is Never`, `docker pull ${name}`);
    }
    if (!reference) return failed(`there is no image ${name} on this machine`, 'name it by repository and tag');
    const auth = await this.#credentials(launch, reference.registry);
    if (auth.kind === 'failed') return auth;
    try {
      await this.#pull(launch, registryAuth(auth.credentials, reference.registry));
    } catch (error) {
      if (isUnreachable(error)) throw error;
      return { kind: 'failed', error: pullError(error as Error, name) };
    }
    const image = await this.#present(name);
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

  async #present(name: string): Promise<ImageFacts | undefined> {
    const { api, clock } = this.#options;
    const image = await inspectImage(api, name);
    if (!image) return undefined;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(name, { image, untilMs: clock.now() + REMEMBERED_MS });
    return image;
  }

  async #pull(launch: TaskLaunch, auth: string): Promise<void> {
    const key = `${launch.image} ${auth}`;
    let pull = this.#pulls.get(key);
    if (!pull) {
      this.#options.note(launch, `pulling the image ${launch.image}`);
      pull = pullImage(this.#options.api, launch.image, { auth }).finally(() => {
        this.#pulls.delete(key);
        this.forget(launch.image);
      });
      this.#pulls.set(key, pull);
    }
    await pull;
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
  readonly secrets: SecretStore;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** On the containers that are made to look into an image. */
  readonly labels: Readonly<Record<string, string>>;
  readonly note: (launch: TaskLaunch, message: string) => void;
}

function failed(message: string, hint: string) {
  return { kind: 'failed' as const, error: { ...inputError(message), hint } };
}

function pullError(error: Error, name: string): TaskError {
  const message = `the image "${name}" could not be pulled: ${error.message}`;
  const status = error instanceof DockerError ? error.status : 0;
  const isRefused =
    status === 401 || status === 403 || /unauthorized|denied|authentication required|no basic auth/i.test(error.message);
  // A registry that is away comes back; one that says no says it again.
  const isAway = /dial tcp|no such host|timeout|connection re|TLS handshake|EOF|too many requests|server misbehaving/i.test(
    error.message,
  );
  if (isAway && !isRefused) {
    return {
      code: 1,
      cause: 'system',
      message,
      hint: 'check the network; without one, build the image here or load it with docker load',
    };
  }
  const hint = isRefused
    ? 'check the name; if it is private, docker login, or name an image pull secret (kubernetes.set_image_pull_secrets)'
    : 'check the name and the tag of the image';
  return { code: 1, cause: 'input', message, hint };
}
