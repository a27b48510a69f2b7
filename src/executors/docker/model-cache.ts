/**
 * The files of model images, unpacked once for all steps that read them.
 *
 * Owns the folder `models` of the data folder: `<id of the image>/models`. Doesn't own images: they are pulled by others.
 * I1. A folder with the name of an image is whole: it is unpacked under a name of its own and renamed. Two who unpack the same
 *     image at once, in one process or in two, do it twice at worst.
 * I2. A folder that a container may be shown is not removed: its time says when it was asked for last, its containers have a label.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { ifFound, type DockerApi } from '../../docker/docker-api.ts';
import { lookInto } from '../../docker/images.ts';
import { MODEL_FOLDER } from '../../launcher/model-images.ts';
import { unpackFolder } from './unpack-folder.ts';

export type FoundModel =
  | { readonly kind: 'folder'; readonly folder: string }
  /** Why it is no model image: completes "the image …". */
  | { readonly kind: 'none'; readonly why: string };

const HOUR_MS = 60 * 60_000;
/** After its last use. */
const KEEP_MS = 7 * 24 * HOUR_MS;
/** What this process does not unpack, another may; one that has not ended by then was interrupted. */
const HALF_KEEP_MS = HOUR_MS;
const HALF = '.half-';

export interface ModelCacheOptions {
  readonly api: DockerApi;
  readonly clock: Clock;
  readonly dataDir: string;
  /** Ends what is under way when the executor is stopped. */
  readonly signal: AbortSignal;
}

export class ModelCache {
  readonly #options: ModelCacheOptions;
  readonly #folder: string;
  readonly #underWay = new Map<string, Promise<FoundModel>>();
  /** Names of the folders that are being filled. */
  readonly #halves = new Set<string>();

  constructor(options: ModelCacheOptions) {
    this.#options = options;
    this.#folder = join(options.dataDir, 'models');
  }

  /** `imageId`: `sha256:…`. `labels`: of the container that is made to look into the image. Throws DockerError, or what the disk says. */
  async find(imageId: string, labels: Readonly<Record<string, string>>): Promise<FoundModel> {
    const kept = join(this.#folder, keyOf(imageId));
    if (await this.#touch(kept)) return { kind: 'folder', folder: join(kept, 'models') };
    let running = this.#underWay.get(imageId);
    if (!running) {
      running = this.#unpack(imageId, { kept, labels }).finally(() => this.#underWay.delete(imageId));
      this.#underWay.set(imageId, running);
    }
    return running;
  }

  /** Removes what has not been used for a week. `inUse`: keys of the images that containers are shown. */
  async evict(inUse: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      const keepMs = name.includes(HALF) ? HALF_KEEP_MS : KEEP_MS;
      if (!found || inUse.has(name) || this.#halves.has(name) || this.#options.clock.now() - found.mtimeMs < keepMs) continue;
      // Under another name first: half a model must not be found (I1).
      const doomed = name.includes(HALF) ? path : `${path}${HALF}old`;
      if (doomed !== path) await rename(path, doomed).catch(() => {});
      await rm(doomed, { recursive: true, force: true }).catch(() => {});
    }
  }

  /** False if it is not there. */
  async #touch(kept: string): Promise<boolean> {
    const now = this.#options.clock.now() / 1000;
    return utimes(kept, now, now).then(
      () => true,
      () => false,
    );
  }

  async #unpack(
    imageId: string,
    { kept, labels }: { readonly kept: string; readonly labels: Readonly<Record<string, string>> },
  ): Promise<FoundModel> {
    const { api, signal } = this.#options;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const half = await mkdtemp(`${kept}${HALF}`);
    this.#halves.add(basename(half));
    const wanted = { path: MODEL_FOLDER, folder: join(half, 'models'), signal };
    try {
      const unpack = (containerId: string) => ifFound(unpackFolder(api, containerId, wanted).then(() => true));
      if (!(await lookInto(api, imageId, labels, unpack))) return { kind: 'none', why: `has no folder ${MODEL_FOLDER}` };
      await rename(half, kept).catch((error: unknown) => {
        // Somebody else was faster.
        if (!existsSync(kept)) throw error;
      });
      await this.#touch(kept);
      return { kind: 'folder', folder: join(kept, 'models') };
    } catch (error) {
      if (/not a directory/i.test((error as Error).message))
        return { kind: 'none', why: `has a file at ${MODEL_FOLDER}, not a folder` };
      throw error;
    } finally {
      await rm(half, { recursive: true, force: true });
      this.#halves.delete(basename(half));
    }
  }
}

/** Of an image in the folder and in labels: its id's digits. */
export function keyOf(imageId: string): string {
  return imageId.replace(/^.*:/, '');
}
