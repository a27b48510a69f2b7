/** Lets few work at once, in the order they came. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Throws the signal's reason if it is aborted while the work waits for its turn. */
  async take<T>(signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T> {
    let isHeld = true;
    const leave = () => {
      isHeld = false;
      this.#leave();
    };
    await this.#enter(signal);
    try {
      return await work({
        outside: async (slow) => {
          leave();
          const answer = await slow();
          await this.#enter(signal);
          isHeld = true;
          return answer;
        },
      });
    } finally {
      if (isHeld) leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      // One whose turn has come is not in the queue any more.
      const place = this.#waiting.indexOf(resolve);
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      reject(signal.reason as Error);
    };
    this.#waiting.push(resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

export interface Turn {
  /** Does what takes long without holding the turn, and waits for another one afterwards. */
  outside<T>(slow: () => Promise<T>): Promise<T>;
}
