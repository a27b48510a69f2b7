/** Where time comes from. Only this folder reads the real clock; everything else is given a Clock or a `now`. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once at or after `atMs` (epoch milliseconds); the returned function calls it off. */
  at(atMs: number, callback: () => void): () => void;
}

/** The longest delay a Node timer takes; longer waits are made of several. */
const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(atMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const delayMs = atMs - Date.now();
      timer = delayMs > MAX_TIMER_MS ? setTimeout(arm, MAX_TIMER_MS) : setTimeout(callback, Math.max(0, delayMs));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
