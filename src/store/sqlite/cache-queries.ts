import { cacheEntry } from '../records.ts';
import type { CacheRecord } from '../schema.ts';
import type { CacheEntry, CacheScope } from '../store.ts';
import type { Session } from './session.ts';
import { prepare } from './session.ts';

/** The entries of many keys. Only the newest entry of a key is kept, so each is one step down the key's tree. */
export function lookupCacheWith(session: Session): (scope: CacheScope, keys: readonly string[]) => Map<string, CacheEntry> {
  const statement = prepare(
    session,
    session.kysely
      .selectFrom('cache_entries')
      .select(['task_id', 'parameters', 'artifacts', 'created_at_ms'])
      .where('namespace', '=', '')
      .where('pipeline_name', '=', '')
      .where('key', '=', ''),
  );
  return ({ namespace, pipelineName }, keys) => {
    const found = new Map<string, CacheEntry>();
    for (const key of keys) {
      const record = statement.get(namespace, pipelineName, key);
      if (record !== undefined) found.set(key, cacheEntry(record as unknown as CacheRecord));
    }
    return found;
  };
}

export function removeCacheEntriesWith(session: Session): (scope: CacheScope, keys: readonly string[]) => void {
  const statement = prepare(
    session,
    session.kysely.deleteFrom('cache_entries').where('namespace', '=', '').where('pipeline_name', '=', '').where('key', '=', ''),
  );
  return ({ namespace, pipelineName }, keys) => {
    for (const key of keys) statement.run(namespace, pipelineName, key);
  };
}
