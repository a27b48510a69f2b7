import type { Ids } from '../base/ids.ts';

export interface ReservedIds extends Ids {
  /** The next identifier that is asked for while `use` is called is this one. */
  with<T>(id: string, use: () => T): T;
}

/**
 * Lets a caller say which identifier the engine gives to a run: what is known of the run is recorded before the run itself, under
 * the same identifier. The engine asks for it before it waits for anything.
 */
export function reservedIds(ids: Ids): ReservedIds {
  let reserved: string | undefined;
  return {
    uuid() {
      const id = reserved ?? ids.uuid();
      reserved = undefined;
      return id;
    },
    with(id, use) {
      reserved = id;
      try {
        return use();
      } finally {
        reserved = undefined;
      }
    },
  };
}
