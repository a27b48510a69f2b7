/** Lists of a million runs: how long a page takes where the API asks for it, and that runs are still recorded quickly. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { listPage, type ListRequest } from '../../src/app/list-request.ts';
import type { CatalogueStore, Predicate } from '../../src/store/catalogue-store.ts';
import type { Store } from '../../src/store/store.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { NO_POSTGRES, startPostgres } from '../../test/support/postgres-cluster.ts';
import type { Claim, Measured, Measuring } from './claims.ts';
import { EXPERIMENTS, fillPostgres, fillSqlite } from './many-runs.ts';

type Asking = (index: number) => Partial<ListRequest>;

const RUNS = 1_000_000;
const REQUESTS = 300;
const TOKENS = 50;
const INSERTS = 500;
const MAX_P99_MS = 15;
const MIN_PER_SECOND = 100;

const within = (field: string, operation: Predicate['operation'], value: string): Partial<ListRequest> => ({
  within: [{ field, operation, values: [value] }],
});

/** Tokens of pages all over the list: those that follow runs of different times. */
async function deepTokens(catalogue: CatalogueStore, runs: number): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let part = 1; part < TOKENS; part += 1) {
    const seconds = 1_767_225_600 + Math.floor((runs * part) / TOKENS);
    const until = { field: 'created_at_ms', operation: 'le', values: [seconds] } as const;
    const request = { pageSize: 1, sortBy: 'created_at desc', parseFilter: () => [], within: [until] };
    tokens.push((await listPage('runs', request, (query) => catalogue.listCataloguedRuns(query))).nextPageToken);
  }
  return tokens;
}

/** No two requests in a row ask the same. */
const asked = (tokens: readonly string[]): Readonly<Record<string, Asking>> => ({
  'by creation': (index) => ({ sortBy: index % 2 ? 'created_at' : 'created_at desc' }),
  'of an experiment': (index) => within('experiment_id', 'eq', `experiment-${index % EXPERIMENTS}`),
  'by experiment': () => ({ sortBy: 'experiment_id desc' }),
  'of a state': (index) => within('state', 'eq', ['FAILED', 'SUCCEEDED', 'CANCELED'][index % 3]!),
  'by state': () => ({ sortBy: 'state' }),
  'by a part of the name that few have': (index) => within('display_name', 'contains', `run ${1_000 + index * 7}`),
  'by a part of the name that many have': (index) => within('display_name', 'contains', ['taxi', 'NIGHTLY', 'model'][index % 3]!),
  'far behind a page token': (index) => ({ pageToken: tokens[index % tokens.length]! }),
});

async function measureLists(store: Store, catalogue: CatalogueStore, runs: number): Promise<Measured> {
  const taken: { readonly name: string; readonly p50: number; readonly p99: number }[] = [];
  for (const [name, asking] of Object.entries(asked(await deepTokens(catalogue, runs)))) {
    const times: number[] = [];
    for (let index = 0; index < REQUESTS + 20; index += 1) {
      const request = { pageSize: 100, sortBy: 'created_at desc', parseFilter: () => [], ...asking(index) };
      const started = performance.now();
      await listPage('runs', request, (query) => catalogue.listCataloguedRuns(query));
      if (index >= 20) times.push(performance.now() - started);
    }
    times.sort((left, right) => left - right);
    taken.push({ name, p50: times[times.length >> 1]!, p99: times[Math.floor(times.length * 0.99)]! });
  }
  const perSecond = await insertsPerSecond(store, runs);
  const words = taken.map(({ name, p50, p99 }) => `${name} ${p99.toFixed(1)} (${p50.toFixed(1)})`).join(', ');
  return {
    result: `p99 (median) in ms: ${words}; ${Math.round(perSecond)} runs recorded a second`,
    met: taken.every(({ p99 }) => p99 <= MAX_P99_MS) && perSecond >= MIN_PER_SECOND,
  };
}

/** As the engine accepts runs: one durable transaction each. */
async function insertsPerSecond(store: Store, runs: number): Promise<number> {
  const [known] = await store.listRuns({ limit: 1 });
  const started = performance.now();
  for (let index = 0; index < INSERTS; index += 1) {
    const run = {
      ...known!,
      runId: randomUUID(),
      displayName: `new run ${index}`,
      createdAtMs: known!.createdAtMs + runs + index,
    };
    const nothing = { events: [], tasks: [], attempts: [], artifacts: [], lineage: [], cache: [] };
    await store.commit({ ...nothing, runs: [run], newRuns: true, durable: true });
  }
  return INSERTS / ((performance.now() - started) / 1000);
}

async function onSqlite({ folder, quick }: Measuring): Promise<Measured> {
  const file = join(folder, 'many-runs.db');
  const runs = quick ? RUNS / 50 : RUNS;
  await (await openSqliteStore({ file }))[Symbol.asyncDispose]();
  fillSqlite(file, runs);
  await using store = await openSqliteStore({ file });
  return await measureLists(store, store.catalogue(), runs);
}

async function onPostgres({ quick }: Measuring): Promise<Measured> {
  if (NO_POSTGRES) return { result: `not measured: ${NO_POSTGRES}`, met: false, remark: 'not measured' };
  await using cluster = await startPostgres();
  const url = await cluster.createDatabase('many_runs');
  const runs = quick ? RUNS / 50 : RUNS;
  await (await openPostgresStore({ url }))[Symbol.asyncDispose]();
  await fillPostgres(url, runs);
  await using store = await openPostgresStore({ url });
  return await measureLists(store, store.catalogue(), runs);
}

const target = `p99 ≤ ${MAX_P99_MS} ms each, ≥ ${MIN_PER_SECOND} runs recorded a second`;

export const LIST_CLAIMS: readonly Claim[] = [
  { name: 'a page of 100 of 1,000,000 runs in SQLite', target, measure: onSqlite },
  { name: 'a page of 100 of 1,000,000 runs in PostgreSQL', target, measure: onPostgres },
];
