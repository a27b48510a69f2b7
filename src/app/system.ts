import type { JsonObject } from '../base/json.ts';
import { RUN_STATES } from '../model/states.ts';
import type { App } from './app.ts';

export interface System {
  readonly version: string;
  readonly startedAtMs: number;
  readonly executor: string;
  readonly store: string;
  readonly artifactStore: string;
  readonly capacity: JsonObject;
  readonly runCounts: Readonly<Record<string, number>>;
}

/** What this server is and how busy it is. */
export async function describeSystem(app: App): Promise<System> {
  const { executor, store, artifacts, catalogue } = app;
  const counts = await Promise.all(
    Object.keys(RUN_STATES).map(async (state) => {
      const query = { predicates: [{ field: 'state', operation: 'eq', values: [state] }] as const, limit: 1 };
      const { total } = await catalogue.listCataloguedRuns({ ...query, sort: { field: 'created_at_ms', descending: true } });
      return [state, total] as const;
    }),
  );
  return {
    version: app.version,
    startedAtMs: app.startedAtMs,
    executor: executor.name,
    store: store.name,
    artifactStore: artifacts.name,
    capacity: { ...executor.capacity() } as JsonObject,
    runCounts: Object.fromEntries(counts),
  };
}
