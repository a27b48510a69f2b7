/**
 * When the loop ticks: soon after somebody asked for it, one tick after the other.
 *
 * Owns: the tick that is under way, and whether there will be more. Doesn't own: what a tick does (loop.ts).
 *
 * I1. One tick runs at a time; who asks for one meanwhile gets another after it, if there is work left then.
 * I2. A tick that fails is the last one.
 */
import { StoreFull } from '../store/store-full.ts';

export interface TickerOptions {
  readonly tick: () => Promise<void>;
  /** Whether another tick is needed after one. */
  readonly hasWork: () => boolean;
  /** Steps that run. */
  readonly runningCount: () => number;
  readonly onFatal: (error: unknown) => void;
  /** Told how long each tick took, in seconds. */
  readonly onTick?: ((seconds: number) => void) | undefined;
}

/** From so many running steps on, ends are decided in groups: the others keep the machine busy meanwhile. */
const STEPS_WORTH_GROUPING = 6;
const GROUPING_MS = 1;

export class Ticker {
  readonly #options: TickerOptions;
  #current: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: TickerOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  wake(): void {
    if (this.#current || this.#isStopped) return;
    this.#current = this.#tickSoon().finally(() => {
      this.#current = undefined;
      if (this.#options.hasWork()) this.wake();
    });
  }

  /** Resolves when nothing is being decided and nothing waits to be: what happens next comes from outside. */
  async settled(): Promise<void> {
    while (this.#current) await this.#current;
  }

  /** Resolves when all that was posted so far is recorded, also while there is always more to do. */
  async recorded(): Promise<void> {
    for (let tick = 0; this.#current && tick < 2; tick += 1) await this.#current;
  }

  /** No tick begins any more; resolves when the one that is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.settled();
  }

  /** While many steps run, ends that come within a moment share a transaction; a step that others wait for waits no moment. */
  async #tickSoon(): Promise<void> {
    const { tick, runningCount, onTick, onFatal } = this.#options;
    const isBusy = runningCount() >= STEPS_WORTH_GROUPING;
    await new Promise<void>((resolve) => (isBusy ? setTimeout(resolve, GROUPING_MS) : setImmediate(resolve)));
    const startedMs = performance.now();
    try {
      if (!this.#isStopped) await tick();
      onTick?.((performance.now() - startedMs) / 1000);
    } catch (error) {
      // Stopped while it waited for space: what was not recorded was not acted on either.
      if (this.#isStopped && error instanceof StoreFull) return;
      this.#isStopped = true;
      onFatal(error);
    }
  }
}
