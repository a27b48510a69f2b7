import { openDockerApi } from '../src/docker/docker-api.ts';
import { findDocker } from '../src/docker/find-docker.ts';
import { inspectImage } from '../src/docker/images.ts';
import type { PipelineDocument } from '../src/ir/spec.ts';

/** What cannot be as in the reference when every attempt has a container of its own, made from stand-in images, and why. */
const NOT_IN_CONTAINERS: Readonly<Record<string, string>> = {
  'head/local_execution/local_execution_pipeline_with_retry.yaml':
    'its attempts count in a file that each container has for itself',
  'head/critical/modelcar.yaml': 'its model is an image of a registry that does not exist',
  'head/critical/pipeline_with_artifact_custom_path.yaml': 'needs kfp 2.14.6, and the stand-in image has an older one',
};

/** Why a pipeline cannot be run with containers on this machine; undefined if it can. */
export async function whyNotInContainers(file: string, document: PipelineDocument): Promise<string | undefined> {
  return NOT_IN_CONTAINERS[file] ?? ((await hasImages(document)) ? undefined : 'an image it names is not on this machine');
}

/** Whether all images of a pipeline are on this machine. */
async function hasImages({ spec }: PipelineDocument): Promise<boolean> {
  const api = openDockerApi(findDocker(process.env));
  const images = new Set<string>();
  for (const executor of Object.values(spec.executors)) if (executor.kind === 'container') images.add(executor.container.image);
  for (const image of images) if (!(await inspectImage(api, image))) return false;
  return true;
}
