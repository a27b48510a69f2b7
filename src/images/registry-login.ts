import { askCredentialHelper } from '../docker/credential-helper.ts';
import { parseImageReference } from '../docker/image-reference.ts';
import { credentialHelper, findCredentials, readDockerConfig, type RegistryCredentials } from '../docker/registry-credentials.ts';

export interface RegistryLogin {
  readonly registry: string;
  /** Of `docker login`, or of the helper that keeps them; undefined if there are none. */
  readonly credentials: RegistryCredentials | undefined;
}

/** Who we are for the registry an image is in. */
export async function registryLogin(
  image: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RegistryLogin> {
  const { registry = 'docker.io' } = parseImageReference(image) ?? {};
  const config = await readDockerConfig(environment);
  const helper = credentialHelper(config, registry);
  const credentials =
    findCredentials(config, registry) ??
    (helper === undefined ? undefined : await askCredentialHelper(helper, registry, environment['PATH'] ?? ''));
  return { registry, credentials };
}
