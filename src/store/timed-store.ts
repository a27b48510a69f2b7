import type { Store } from './store.ts';

/** The same store; how long each commit took is told, in seconds. */
export function timedStore<S extends Store>(store: S, onCommit: (seconds: number) => void): S {
  const commit: Store['commit'] = async (batch) => {
    const startedMs = performance.now();
    try {
      await store.commit(batch);
    } finally {
      onCommit((performance.now() - startedMs) / 1000);
    }
  };
  return { ...store, commit };
}
