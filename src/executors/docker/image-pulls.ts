import { unlessAborted } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { DockerError, type DockerApi } from '../../docker/docker-api.ts';
import { pullImage } from '../../docker/images.ts';
import type { ProgressLine } from '../../docker/progress.ts';

/** Status of a pull that was ended because nothing went on; a gateway would say the same. */
const STALLED = 504;

interface SharedPull {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  /** Steps that wait for it. */
  waiting: number;
}

/**
 * Pulls on their way, by image and credentials: a hundred steps of one image pull it once. A pull ends with the last step that
 * waits for it, and when nothing has gone on for `stallMs`: daemons wait for a registry that does not answer as long as it takes.
 */
export class ImagePulls {
  readonly #options: { readonly api: DockerApi; readonly clock: Clock; readonly stallMs: number };
  readonly #running = new Map<string, SharedPull>();

  constructor(options: { readonly api: DockerApi; readonly clock: Clock; readonly stallMs: number }) {
    this.#options = options;
  }

  /** `onBegin` is called for the first of those who wait. Throws DockerError, or the signal's reason as soon as it is aborted. */
  async pull(
    image: string,
    { auth, signal, onBegin }: { readonly auth: string; readonly signal: AbortSignal; readonly onBegin: () => void },
  ): Promise<void> {
    const key = `${image} ${auth}`;
    let pull = this.#running.get(key);
    if (!pull) {
      onBegin();
      this.#running.set(key, (pull = this.#begin(image, auth)));
    }
    pull.waiting++;
    try {
      await unlessAborted(signal, pull.done);
    } finally {
      if (this.#running.get(key) === pull && --pull.waiting === 0) {
        this.#running.delete(key);
        pull.abort.abort();
      }
    }
  }

  #begin(image: string, auth: string): SharedPull {
    const { api, clock, stallMs } = this.#options;
    const abort = new AbortController();
    let isStalled = false;
    let lastWord: string | undefined;
    const wait = () =>
      clock.at(clock.now() + stallMs, () => {
        isStalled = true;
        abort.abort();
      });
    let callOff = wait();
    const onProgress = (line: ProgressLine) => {
      lastWord = line.status ?? lastWord;
      if (!isProgress(line)) return;
      callOff();
      callOff = wait();
    };
    const done = pullImage(api, image, { auth, signal: abort.signal, onProgress })
      .catch((error: unknown) => {
        throw isStalled ? stalledError(stallMs, lastWord) : error;
      })
      .finally(() => callOff());
    return { done, abort, waiting: 0 };
  }
}

/** Saying that it waits, or that it will try again, is not going on. */
const isProgress = ({ status = '' }: ProgressLine) => !/^(waiting|retrying)/i.test(status);

function stalledError(stallMs: number, lastWord: string | undefined): DockerError {
  const said = lastWord === undefined ? 'the registry has not answered' : `the last that was heard was "${lastWord}"`;
  return new DockerError(STALLED, `nothing has gone on for ${Math.round(stallMs / 1000)} s; ${said}`);
}
