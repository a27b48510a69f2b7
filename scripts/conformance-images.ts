import { openDockerApi } from '../src/docker/docker-api.ts';
import { findDocker } from '../src/docker/find-docker.ts';
import { inspectImage } from '../src/docker/images.ts';
import type { PipelineDocument } from '../src/ir/spec.ts';

/** Whether all images of a pipeline are on this machine. */
export async function hasImages({ spec }: PipelineDocument): Promise<boolean> {
  const api = openDockerApi(findDocker(process.env));
  const images = new Set<string>();
  for (const executor of Object.values(spec.executors)) if (executor.kind === 'container') images.add(executor.container.image);
  for (const image of images) if (!(await inspectImage(api, image))) return false;
  return true;
}
