import { dockerAvailability } from '../../src/docker/docker-info.ts';
import { openDockerApi, type DockerApi } from '../../src/docker/docker-api.ts';
import { findDocker } from '../../src/docker/find-docker.ts';
import { inspectImage } from '../../src/docker/images.ts';

export interface DockerForTests {
  readonly api: DockerApi;
  /** Why the tests cannot run; false if they can. */
  readonly skip: string | false;
}

/** Whether containers of these images can be run here; scripts/setup-containers.ts sees to both where it can. */
export async function dockerForTests(images: readonly string[]): Promise<DockerForTests> {
  const api = openDockerApi(findDocker(process.env));
  const available = await dockerAvailability(api);
  if (available.kind === 'missing') return { api, skip: `${available.reason}; ${available.hint}` };
  for (const image of images) {
    if (!(await inspectImage(api, image)))
      return { api, skip: `the image ${image} is not on this machine; see scripts/setup-containers.ts` };
  }
  return { api, skip: false };
}
