import { openDockerApi } from '../src/docker/docker-api.ts';
import { findDocker } from '../src/docker/find-docker.ts';
import { inspectImage } from '../src/docker/images.ts';
import type { PipelineDocument } from '../src/ir/spec.ts';

/** What cannot be as in the reference when every attempt has a container of its own, made from stand-in images, and why. */
const NOT_IN_CONTAINERS: Readonly<Record<string, string>> = {
  'head/local_execution/local_execution_pipeline_with_retry.yaml':
    'its attempts count in a file that each container has for itself',
  'head/critical/pipeline_with_artifact_custom_path.yaml': 'needs kfp 2.14.6, and the stand-in image has an older one',
};

/** Images that are large products of their own. */
const NOT_BUILT: Readonly<Record<string, string>> = {
  'tensorflow/tfx:latest': 'it needs the image of TFX, which is not built here',
  'gcr.io/my-tfx:latest': 'it needs an image with TFX, which is not built here',
};

/** Why a pipeline cannot be run with containers on this machine; undefined if it can. */
export async function whyNotInContainers(file: string, document: PipelineDocument): Promise<string | undefined> {
  if (NOT_IN_CONTAINERS[file] !== undefined) return NOT_IN_CONTAINERS[file];
  const missing = await missingImage(document);
  return missing === undefined ? undefined : (NOT_BUILT[missing] ?? `the image ${missing} is not on this machine`);
}

/** The first image of a pipeline that is not on this machine. */
async function missingImage({ spec }: PipelineDocument): Promise<string | undefined> {
  const api = openDockerApi(findDocker(process.env));
  const images = new Set<string>();
  for (const executor of Object.values(spec.executors)) if (executor.kind === 'container') images.add(executor.container.image);
  for (const image of images) if (!(await inspectImage(api, image))) return image;
  return undefined;
}
