import { unlessAborted } from '../../base/abort.ts';
import { isUnreachable } from '../../docker/docker-api.ts';
import { MODEL_FOLDER, modelImagesOf, type ModelImage } from '../../launcher/model-images.ts';
import type { TaskError } from '../../model/outcome.ts';
import { inputError } from '../platform-env.ts';
import type { ContainerMount } from './container-mounts.ts';
import type { Waiting } from './container-preparation.ts';
import type { DaemonPatience } from './daemon-patience.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import { keyOf, type ModelCache } from './model-cache.ts';
import { stepImage, type FoundImage, type WantedImage } from './step-images.ts';

export type ShownModels =
  | { readonly kind: 'shown'; readonly mounts: readonly ContainerMount[]; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly error: TaskError };

/** On a container: the model images it is shown, so that they stay as long as it does. */
const LABEL = 'pipewright.models';

/** Shows steps the model images among their inputs; these are pulled as the step's own image is. */
export class ModelImages {
  readonly #options: ModelImagesOptions;

  constructor(options: ModelImagesOptions) {
    this.#options = options;
  }

  async find(
    attempt: DockerAttempt,
    findImage: (wanted: WantedImage) => Promise<FoundImage>,
    waiting: Waiting,
  ): Promise<ShownModels> {
    const mounts: ContainerMount[] = [];
    const keys: string[] = [];
    for (const model of modelImagesOf(attempt.launch)) {
      const found = await findImage({ ...stepImage(attempt.launch), name: model.image });
      if (found.kind === 'failed') return { kind: 'failed', error: ofModel(model, found.error) };
      const { id } = found.image;
      const files = await this.#unpacked(attempt, model, id, waiting);
      if (files.kind === 'failed') return files;
      mounts.push({ source: files.folder, target: model.path, readOnly: true });
      keys.push(keyOf(id));
    }
    return { kind: 'shown', mounts, labels: keys.length === 0 ? {} : { [LABEL]: keys.join(',') } };
  }

  /** `labels`: of all containers there are. */
  async evict(labels: readonly Readonly<Record<string, string>>[]): Promise<void> {
    await this.#options.cache.evict(new Set(labels.flatMap((of) => of[LABEL]?.split(',') ?? [])));
  }

  async #unpacked(
    attempt: DockerAttempt,
    model: ModelImage,
    imageId: string,
    { turn, signal }: Waiting,
  ): Promise<{ readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'failed'; readonly error: TaskError }> {
    const { cache, patience, labels } = this.#options;
    // The attempt's, so that it is swept if nobody is left to remove it.
    const looking = { ...labels, 'pipewright.attempt': attempt.launch.attemptId };
    const unpack = () => turn.outside(() => unlessAborted(signal, cache.find(imageId, looking)));
    try {
      const found = await patience.insist(attempt, unpack, signal);
      if (found.kind === 'folder') return found;
      const hint = `put the files of the model at ${MODEL_FOLDER} in the image (COPY … ${MODEL_FOLDER}/)`;
      return failed(ofModel(model, { ...inputError(`the image "${model.image}" ${found.why}`), hint }));
    } catch (error) {
      if (signal.aborted || isUnreachable(error)) throw error;
      const message = `the image "${model.image}" could not be unpacked: ${(error as Error).message}`;
      return failed(ofModel(model, { code: 1, cause: 'system', message }));
    }
  }
}

export interface ModelImagesOptions {
  readonly cache: ModelCache;
  readonly patience: DaemonPatience;
  /** On all our containers. */
  readonly labels: Readonly<Record<string, string>>;
}

function ofModel({ uri }: ModelImage, error: TaskError): TaskError {
  return { ...error, message: `the model ${uri}: ${error.message}` };
}

function failed(error: TaskError) {
  return { kind: 'failed' as const, error };
}
