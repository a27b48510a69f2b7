import { inspectImage } from '../../src/docker/images.ts';
import { dockerForTests } from './docker-for-tests.ts';
import { noPrivatePodman, PrivatePodman } from './private-podman.ts';

export interface PodmanForTests extends AsyncDisposable {
  /** Empty if the tests cannot run. */
  readonly address: string;
  /** Why they cannot; false if they can. */
  readonly skip: string | false;
}

/** A Podman service with these images of the Docker daemon's. */
export async function podmanForTests(images: readonly string[]): Promise<PodmanForTests> {
  const nothing = (skip: string): PodmanForTests => ({ address: '', skip, async [Symbol.asyncDispose]() {} });
  const impossible = noPrivatePodman();
  if (impossible) return nothing(impossible);
  const docker = await dockerForTests(images);
  if (docker.skip) return nothing(`its images come from Docker: ${docker.skip}`);
  const podman = new PrivatePodman();
  try {
    await podman.start();
    for (const image of images) {
      await podman.load(docker.api, image);
      if (!(await inspectImage(podman.api, image))) throw new Error(`the image ${image} does not arrive`);
    }
    const refused = await podman.tryContainer(images[0]!);
    if (refused !== undefined) throw new Error(`no container starts: ${refused}`);
    return { address: podman.address, skip: false, [Symbol.asyncDispose]: () => podman[Symbol.asyncDispose]() };
  } catch (error) {
    await podman[Symbol.asyncDispose]();
    return nothing(`Podman does not work on this machine: ${(error as Error).message}`);
  } finally {
    docker.api.close();
  }
}
