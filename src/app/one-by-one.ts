/** Does one piece of work for a key after the other; those of different keys do not wait for each other. */
export type OneByOne = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** For what is read, changed and written back: nothing else changes it in between. Holds within this process only. */
export function oneByOne(): OneByOne {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const own = (async () => {
      // How the work before ended is told to whoever asked for it.
      await before?.catch(() => {});
      return await work();
    })();
    last.set(key, own);
    try {
      return await own;
    } finally {
      if (last.get(key) === own) last.delete(key);
    }
  };
}
