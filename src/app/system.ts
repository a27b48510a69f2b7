import type { JsonObject } from '../base/json.ts';
import type { EngineLoad } from '../engine/loop.ts';
import { sumOf } from '../engine/amounts.ts';
import { RUN_STATES } from '../model/states.ts';
import type { App } from './app.ts';

export interface System {
  readonly version: string;
  readonly startedAtMs: number;
  readonly executor: string;
  readonly store: string;
  readonly artifactStore: string;
  /** Of all node pools together, or of the machine. */
  readonly capacity: JsonObject;
  /** Of this server: others on the same database have their own. */
  readonly load: EngineLoad;
  readonly runCounts: Readonly<Record<string, number>>;
}

/** What this server is and how busy it is. */
export async function describeSystem(app: App): Promise<System> {
  const { engine, executor, store, artifacts, catalogue } = app;
  const counts = await Promise.all(
    Object.keys(RUN_STATES).map(async (state) => {
      const query = { predicates: [{ field: 'state', operation: 'eq', values: [state] }] as const, limit: 1 };
      const { total } = await catalogue.listCataloguedRuns({ ...query, sort: { field: 'created_at_ms', descending: true } });
      return [state, total] as const;
    }),
  );
  const { load } = engine;
  return {
    version: app.version,
    startedAtMs: app.startedAtMs,
    executor: executor.name,
    store: store.name,
    artifactStore: artifacts.name,
    capacity: { slots: load.slots, ...sumOf(load.nodes.map(({ pool }) => pool)) },
    load,
    runCounts: Object.fromEntries(counts),
  };
}
