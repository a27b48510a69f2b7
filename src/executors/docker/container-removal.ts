import { rm } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import type { DockerApi } from '../../docker/docker-api.ts';

/**
 * A container outlives the observation of its end by this: an engine that is killed before it has recorded what it was told has
 * the next one look at the container again.
 */
const KEEP_MS = 3000;
/** Containers removed at once: they must not hold up those that start. */
const REMOVED_TOGETHER = 4;
/** A daemon that does not answer must not keep a server from ending. */
const ANSWER_MS = 30_000;

interface Leftover {
  /** Undefined if there is only a folder. */
  readonly container: string | undefined;
  readonly folder: string;
}

/** Removes containers and their folders some time after their end. */
export class ContainerRemoval {
  readonly #api: DockerApi;
  readonly #clock: Clock;
  /** Oldest first. */
  readonly #waiting: (Leftover & { readonly atMs: number })[] = [];
  readonly #names = new Set<string>();
  #stopTimer: (() => void) | undefined;

  constructor(api: DockerApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  add(leftover: Leftover): void {
    this.#waiting.push({ ...leftover, atMs: this.#clock.now() + KEEP_MS });
    if (leftover.container !== undefined) this.#names.add(leftover.container);
    this.#arm();
  }

  /** Whether it waits for its removal. */
  has(container: string): boolean {
    return this.#names.has(container);
  }

  /** At once: everything that was observed is recorded. */
  async flush(): Promise<void> {
    this.#stopTimer?.();
    await this.remove(this.#waiting.splice(0));
  }

  /** What cannot be removed now is found by a later sweep. */
  async remove(leftovers: readonly Leftover[]): Promise<void> {
    const queue = leftovers.values();
    const worker = async () => {
      for (const { container, folder } of queue) {
        if (container !== undefined) {
          const asked = { query: { force: true, v: true }, signal: AbortSignal.timeout(ANSWER_MS) };
          await this.#api.call('DELETE', `/containers/${container}`, asked).catch(() => {});
          this.#names.delete(container);
        }
        await rm(folder, { recursive: true, force: true }).catch(() => {});
      }
    };
    await Promise.all(Array.from({ length: Math.min(REMOVED_TOGETHER, leftovers.length) }, worker));
  }

  #arm(): void {
    if (this.#stopTimer || this.#waiting.length === 0) return;
    this.#stopTimer = this.#clock.at(this.#waiting[0]!.atMs, () => {
      this.#stopTimer = undefined;
      const now = this.#clock.now();
      const firstToKeep = this.#waiting.findIndex(({ atMs }) => atMs > now);
      void this.remove(this.#waiting.splice(0, firstToKeep < 0 ? this.#waiting.length : firstToKeep));
      this.#arm();
    });
  }
}
