import { openDockerApi } from '../src/docker/docker-api.ts';
import { findDocker } from '../src/docker/find-docker.ts';
import { inspectImage } from '../src/docker/images.ts';
import { isVolumeOperation } from '../src/executors/volume-operation.ts';
import type { PipelineDocument } from '../src/ir/spec.ts';

const OLDER_THAN_PYTHON =
  'its steps install a kfp older than the Python of their image, for which its requirements cannot be built';

/** What cannot be as in the reference when every attempt has a container of its own, made from stand-in images, and why. */
const NOT_IN_CONTAINERS: Readonly<Record<string, string>> = {
  'head/local_execution/local_execution_pipeline_with_retry.yaml':
    'its attempts count in a file that each container has for itself',
  'head/critical/pipeline_with_artifact_custom_path.yaml': 'its steps install kfp 2.14.6, whose artifacts have no set_path yet',
  'head-other/backend/test/proto_tests/testdata/pipelinespec.yaml': 'its step installs kfp 2.14.0, which was never released',
  'head-other/frontend/mock-backend/data/v2/pipeline/pipeline_with_loops_and_conditions.json': OLDER_THAN_PYTHON,
  'head-other/frontend/mock-backend/data/v2/pipeline/protobuf_value_params_v2.json': OLDER_THAN_PYTHON,
  'head-other/frontend/src/data/test/lightweight_python_functions_v2_pipeline_rev.yaml': OLDER_THAN_PYTHON,
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
  for (const executor of Object.values(spec.executors))
    if (executor.kind === 'container' && !isVolumeOperation(executor.container)) images.add(executor.container.image);
  for (const image of images) if (!(await inspectImage(api, image))) return image;
  return undefined;
}
