import type { Clock } from '../base/clock.ts';
import { StoreFull } from '../store/store-full.ts';

const RETRY_MS = 500;

/**
 * Does what writes to the store. While that is full, waits and does it again: ending the engine would help nobody, and what was
 * decided must be recorded before anything else is. `onFull` is told the error once, and undefined when the work is done after
 * all. Throws StoreFull only if the engine is stopped meanwhile.
 */
export async function waitForSpace<T>(work: () => Promise<T>, { clock, isStopped, onFull }: SpaceOptions): Promise<T> {
  for (let isTold = false; ; isTold = true) {
    try {
      const answer = await work();
      if (isTold) onFull?.(undefined);
      return answer;
    } catch (error) {
      if (!(error instanceof StoreFull) || isStopped()) throw error;
      if (!isTold) onFull?.(error);
    }
    await new Promise<void>((resolve) => clock.at(clock.now() + RETRY_MS, resolve));
  }
}

export interface SpaceOptions {
  readonly clock: Clock;
  readonly isStopped: () => boolean;
  readonly onFull?: ((error: StoreFull | undefined) => void) | undefined;
}
