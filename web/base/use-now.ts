import { useSyncExternalStore } from 'react';

type Listener = () => void;

/** One clock for the page: all relative times tick together, and nothing ticks where nothing is shown. */
function clock(periodMs: number) {
  const listeners = new Set<Listener>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: Listener) => {
    listeners.add(listener);
    if (timer === undefined) {
      now = Date.now();
      timer = setInterval(tick, periodMs);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  return { subscribe, now: () => now };
}

const seconds = clock(1_000);
const tens = clock(10_000);
const still = { subscribe: () => () => {}, now: () => 0 };

/** Epoch milliseconds. `pace`: how often the caller wants to be drawn again; `never` gives 0. */
export function useNow(pace: 'second' | 'ten seconds' | 'never'): number {
  const { subscribe, now } = pace === 'second' ? seconds : pace === 'never' ? still : tens;
  return useSyncExternalStore(subscribe, now);
}
