import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DockerApi } from '../docker/docker-api.ts';
import { buildImage, inspectImage, pullImage, pushImage, tagImage } from '../docker/images.ts';
import { registryAuth } from '../docker/registry-credentials.ts';
import { buildOutput, cannotBuild } from './build-output.ts';
import { openContextArchive } from './context-archive.ts';
import { needsBuildKit } from './dockerfile.ts';
import type { ImageBackend } from './image-backend.ts';
import { imageError } from './registry-hint.ts';
import { registryLogin } from './registry-login.ts';

/** Builds with the Docker daemon's own builder. */
export function dockerBackend(api: DockerApi, environment: Readonly<Record<string, string | undefined>>): ImageBackend {
  const auth = async (image: string) => {
    const { credentials, registry } = await registryLogin(image, environment);
    return registryAuth(credentials, registry);
  };
  return {
    name: 'docker',
    idOf: (image) => explained('look for the image', image, async () => (await inspectImage(api, image))?.id),
    pull: (image) => explained('pull the image', image, async () => pullImage(api, image, { auth: await auth(image) })),
    async build({ tag, buildArgs, target, onOutput, ...sources }) {
      const output = buildOutput(onOutput);
      const isForBuildKit = needsBuildKit(await readFile(resolve(sources.folder, sources.dockerfile), 'utf8'));
      await using archive = await openContextArchive(sources);
      const options = {
        tag,
        dockerfile: archive.dockerfile,
        buildArgs,
        isForBuildKit,
        onOutput: output.onOutput,
        ...(target === undefined ? {} : { target }),
      };
      try {
        await buildImage(api, archive.stream, options);
      } catch (cause) {
        throw cannotBuild({ tag, folder: sources.folder }, output.explain((cause as Error).message), { cause });
      }
    },
    tag: (image, target) => explained('name the image', target, () => tagImage(api, image, target)),
    push: (image) => explained('push the image', image, async () => pushImage(api, image, { auth: await auth(image) })),
  };
}

async function explained<T>(what: string, image: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw imageError(what, image, (cause as Error).message, { cause });
  }
}
