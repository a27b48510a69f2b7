import type { TaskLaunch } from '../executors/executor.ts';
import { mappedPath } from '../ir/artifact-paths.ts';

/** An artifact that is an image (KFP's modelcar): the model's files are in the image's folder MODEL_FOLDER. */
export interface ModelImage {
  /** `oci://registry/name:tag` */
  readonly uri: string;
  /** The URI without its scheme. */
  readonly image: string;
  /** Where KFP's launcher shows the files to a step, and its SDK looks for them: `/oci/registry_name:tag/models`. */
  readonly path: string;
}

/** Of a model image (reference: kfp backend component/launcher_v2.go and the modelcars of KServe). */
export const MODEL_FOLDER = '/models';

const SCHEME = 'oci://';

/** The model images among a step's inputs, each once. */
export function modelImagesOf({ inputs }: Pick<TaskLaunch, 'inputs'>): readonly ModelImage[] {
  const found = new Map<string, ModelImage>();
  for (const name in inputs.artifacts) {
    for (const { uri } of inputs.artifacts[name]!)
      if (uri.startsWith(SCHEME)) found.set(uri, { uri, image: uri.slice(SCHEME.length), path: mappedPath(uri) });
  }
  return [...found.values()];
}
