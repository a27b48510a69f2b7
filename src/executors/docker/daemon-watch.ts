import type { Clock } from '../../base/clock.ts';
import type { DockerApi } from '../../docker/docker-api.ts';

const PING_MS = 250;
const PING_TIMEOUT_MS = 5000;

/** Waits for a daemon that does not answer; all who wait share one question. */
export class DaemonWatch {
  readonly #api: DockerApi;
  readonly #clock: Clock;
  /** How long it may be away. */
  readonly limitMs: number;
  #waiting: Promise<boolean> | undefined;
  #stopped = false;

  constructor(options: { readonly api: DockerApi; readonly clock: Clock; readonly limitMs: number }) {
    this.#api = options.api;
    this.#clock = options.clock;
    this.limitMs = options.limitMs;
  }

  /** True once it answers; false if it has not within the limit, or nobody waits any more. */
  back(): Promise<boolean> {
    return (this.#waiting ??= this.#wait().finally(() => (this.#waiting = undefined)));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #wait(): Promise<boolean> {
    const untilMs = this.#clock.now() + this.limitMs;
    while (!this.#stopped && this.#clock.now() < untilMs) {
      await new Promise<void>((resolve) => this.#clock.at(this.#clock.now() + PING_MS, resolve));
      const leftMs = Math.max(PING_MS, untilMs - this.#clock.now());
      // It answers pings before it has taken its containers up; a list it answers only then.
      const answers = await this.#api
        .call('GET', '/containers/json', { query: { limit: 1 }, signal: AbortSignal.timeout(Math.min(PING_TIMEOUT_MS, leftMs)) })
        .then(
          () => true,
          () => false,
        );
      if (answers) return true;
    }
    return false;
  }
}
