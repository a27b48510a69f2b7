import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { RunEvent } from '../model/events.ts';
import type { CacheEntry, CacheScope, CommitBatch, Store } from '../store/store.ts';
import type { Command } from './effects.ts';

export type LookUp = Extract<Command, { kind: 'look-up' }>;

export type Answer =
  | { readonly lookUp: LookUp; readonly hit: Extract<RunEvent, { kind: 'cache-hit' }> }
  | { readonly lookUp: LookUp; readonly hit?: undefined; readonly miss: string };

export const NEVER_RUN = 'this step has not run before with these inputs';
const ARTIFACTS_GONE = 'it ran before, but an artifact it wrote is gone';

/**
 * Answers a bulk of look-ups with one query per pipeline. Entries of the tick that is being decided are not in the store yet:
 * `pending` holds them. An entry whose artifacts have vanished is forgotten and counts as a miss.
 */
export async function answerLookUps(
  {
    store,
    artifacts,
    pending,
  }: { readonly store: Store; readonly artifacts: ArtifactStore; readonly pending: CommitBatch['cache'] },
  lookUps: readonly LookUp[],
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const fresh = new Map(pending.map((entry) => [scopedKey(entry, entry.key), entry.entry]));
  for (const group of Map.groupBy(lookUps, ({ run }) => scopedKey(scopeOf(run), '')).values()) {
    const scope = scopeOf(group[0]!.run);
    const found = await store.lookupCache(
      scope,
      group.map(({ task }) => task.cacheKey!),
    );
    for (const lookUp of group) {
      const key = lookUp.task.cacheKey!;
      const entry = fresh.get(scopedKey(scope, key)) ?? found.get(key);
      if (!entry) answers.push({ lookUp, miss: NEVER_RUN });
      else if (await artifactsExist(artifacts, entry)) answers.push({ lookUp, hit: hitOf(lookUp, entry) });
      else {
        await store.removeCacheEntries(scope, [key]);
        answers.push({ lookUp, miss: ARTIFACTS_GONE });
      }
    }
  }
  return answers;
}

function scopeOf(run: LookUp['run']): CacheScope {
  return { namespace: run.namespace, pipelineName: run.plan.pipelineName };
}

const scopedKey = (scope: CacheScope, key: string): string => `${scope.namespace}\0${scope.pipelineName}\0${key}`;

async function artifactsExist(store: ArtifactStore, entry: CacheEntry): Promise<boolean> {
  for (const list of Object.values(entry.artifacts)) {
    // The loop waits for the answer, so that no network may be asked. What is in an object store is removed by whoever forgets its
    // cache entries as well, or by hand.
    for (const { uri, written } of list) {
      if (written && store.localPath(uri) !== undefined && !(await store.exists(uri))) return false;
    }
  }
  return true;
}

function hitOf({ task }: LookUp, entry: CacheEntry): Extract<RunEvent, { kind: 'cache-hit' }> {
  const artifacts: Record<string, { id: string; uri: string; metadata: CacheEntry['artifacts'][string][number]['metadata'] }[]> =
    {};
  for (const [name, list] of Object.entries(entry.artifacts))
    artifacts[name] = list.map(({ id, uri, metadata }) => ({ id, uri, metadata }));
  return { kind: 'cache-hit', task: task.number, fromTaskId: entry.taskId, parameters: entry.parameters, artifacts };
}
