import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** With nothing more to read for so long, and the container's end behind it, a stream has come to its end. */
const QUIET_MS = 1000;

/** Podman (seen with 4.3) may go on for ever following a container that has ended: then the stream is left. */
export class Follower implements Disposable {
  readonly #response: IncomingMessage;
  readonly #done = new AbortController();
  #waiting: IncomingMessage | undefined;
  hasLeft = false;

  constructor(response: IncomingMessage) {
    this.#response = response;
  }

  /** `wait`: an answer that ends when the container does. */
  async leaveAfter(wait: () => Promise<IncomingMessage>): Promise<void> {
    const { signal } = this.#done;
    try {
      this.#waiting = await wait();
      if (signal.aborted) return void this.#waiting.destroy();
      for await (const _chunk of this.#waiting);
      for (let before = -1, now = this.#bytes; now !== before; now = this.#bytes) {
        before = now;
        await delay(QUIET_MS, undefined, { signal });
      }
      this.hasLeft = true;
      this.#response.destroy();
    } catch {
      // The stream has ended by itself, or its end tells what is wrong with the daemon.
    }
  }

  get #bytes(): number {
    return this.#response.socket.bytesRead;
  }

  [Symbol.dispose](): void {
    this.#done.abort();
    this.#waiting?.destroy();
  }
}
