import { Readable } from 'node:stream';
import { create } from 'tar';
import { ProductError } from '../base/errors.ts';
import { askCredentialHelper } from '../docker/credential-helper.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import { parseImageReference } from '../docker/image-reference.ts';
import { buildImage, inspectImage, pullImage, pushImage, tagImage } from '../docker/images.ts';
import { credentialHelper, findCredentials, readDockerConfig, registryAuth } from '../docker/registry-credentials.ts';
import type { ImageBackend } from './image-backend.ts';

/** Builds with the Docker daemon's own builder. */
export function dockerBackend(api: DockerApi, environment: Readonly<Record<string, string | undefined>>): ImageBackend {
  const auth = async (image: string) => {
    const { registry = 'docker.io' } = parseImageReference(image) ?? {};
    const config = await readDockerConfig(environment);
    const helper = credentialHelper(config, registry);
    const found =
      findCredentials(config, registry) ??
      (helper === undefined ? undefined : await askCredentialHelper(helper, registry, environment['PATH'] ?? ''));
    return registryAuth(found, registry);
  };
  return {
    name: 'docker',
    idOf: (image) => explained(`look for the image ${image}`, async () => (await inspectImage(api, image))?.id),
    pull: (image) => explained(`pull the image ${image}`, async () => pullImage(api, image, { auth: await auth(image) })),
    build: ({ folder, files, tag, buildArgs, onOutput }) =>
      explained(`build the image ${tag} from ${folder}`, async () => {
        // A name that begins with @ would be taken for an archive to add.
        const archive = create(
          { cwd: folder, portable: true },
          files.map((file) => `./${file}`),
        );
        await buildImage(api, Readable.from(archive as AsyncIterable<Buffer>), { tags: [tag], buildArgs, onOutput });
      }),
    tag: (image, target) => explained(`name the image ${target}`, () => tagImage(api, image, target)),
    push: (image) => explained(`push the image ${image}`, async () => pushImage(api, image, { auth: await auth(image) })),
  };
}

async function explained<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = (cause as Error).message;
    const hint = /denied|unauthorized|authentication|no basic auth/i.test(message)
      ? { hint: 'docker login REGISTRY, then try again' }
      : {};
    throw new ProductError('FAILED_PRECONDITION', `cannot ${what}: ${message}`, { cause, ...hint });
  }
}
