import { rm } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import { hasStatus, type DockerApi } from '../../docker/docker-api.ts';

/**
 * A container outlives the observation of its end by this: an engine that is killed before it has recorded what it was told has
 * the next one look at the container again.
 */
const KEEP_MS = 3000;
/** Containers removed at once: they must not hold up those that start. */
const REMOVED_TOGETHER = 4;
/** A daemon that does not answer must not keep a server from ending. */
const ANSWER_MS = 30_000;
/** What could not be removed is tried again, but not for ever: the sweep finds it. */
const RETRY_MS = 10_000;
const MAX_TRIES = 30;

interface Leftover {
  /** In this order; none if there is only a folder. */
  readonly containers: readonly string[];
  readonly folder: string;
  /** How often its removal has failed. Default: 0. */
  readonly tries?: number;
}

/** Removes containers and their folders some time after their end. */
export class ContainerRemoval {
  readonly #api: DockerApi;
  readonly #clock: Clock;
  #waiting: (Leftover & { readonly atMs: number })[] = [];
  readonly #names = new Set<string>();
  #stopTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(api: DockerApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  add(leftover: Leftover): void {
    this.#wait(leftover, KEEP_MS);
  }

  /** Whether it waits for its removal. */
  has(container: string): boolean {
    return this.#names.has(container);
  }

  /** At once, since everything that was observed is recorded; nothing is removed later. */
  async flush(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    await this.remove(this.#waiting.splice(0));
  }

  async remove(leftovers: readonly Leftover[]): Promise<void> {
    const queue = leftovers.values();
    const worker = async () => {
      for (const leftover of queue) {
        if (await this.#removeContainers(leftover.containers))
          await rm(leftover.folder, { recursive: true, force: true }).catch(() => {});
        else this.#tryAgain(leftover);
      }
    };
    await Promise.all(Array.from({ length: Math.min(REMOVED_TOGETHER, leftovers.length) }, worker));
  }

  /** Whether all of them are gone. */
  async #removeContainers(containers: readonly string[]): Promise<boolean> {
    let areGone = true;
    for (const container of containers) areGone = (await this.#removeContainer(container)) && areGone;
    return areGone;
  }

  async #removeContainer(container: string): Promise<boolean> {
    const asked = { query: { force: true, v: true }, signal: AbortSignal.timeout(ANSWER_MS) };
    const isGone = await this.#api.call('DELETE', `/containers/${container}`, asked).then(
      () => true,
      (error: unknown) => hasStatus(error, 404),
    );
    this.#names.delete(container);
    return isGone;
  }

  #tryAgain({ tries = 0, ...leftover }: Leftover): void {
    if (!this.#isClosed && tries < MAX_TRIES) this.#wait({ ...leftover, tries: tries + 1 }, RETRY_MS);
  }

  #wait(leftover: Leftover, forMs: number): void {
    this.#waiting.push({ ...leftover, atMs: this.#clock.now() + forMs });
    for (const container of leftover.containers) this.#names.add(container);
    this.#arm();
  }

  #arm(): void {
    if (this.#stopTimer || this.#waiting.length === 0) return;
    const firstMs = this.#waiting.reduce((least, { atMs }) => Math.min(least, atMs), Infinity);
    this.#stopTimer = this.#clock.at(firstMs, () => {
      this.#stopTimer = undefined;
      const now = this.#clock.now();
      const due = this.#waiting.filter(({ atMs }) => atMs <= now);
      this.#waiting = this.#waiting.filter(({ atMs }) => atMs > now);
      void this.remove(due);
      this.#arm();
    });
  }
}
