/** Runs at most `limit` of what it is given at a time; the rest waits its turn. */
export function limitTogether(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place goes to the next in line without becoming free in between.
      if (next) next();
      else running -= 1;
    }
  };
}
