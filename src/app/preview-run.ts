import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { JsonObject } from '../base/json.ts';
import { Engine } from '../engine/engine.ts';
import type { PlacementSettings } from '../engine/admission-capacity.ts';
import { CAPABILITIES } from '../executors/capabilities.ts';
import type { Capacity, Executor, Observation, ResourceRequest, TaskLaunch } from '../executors/executor.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import type { RunRow, TaskRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';
import { documentCache } from './documents.ts';
import { withoutIterations } from './recorded-use.ts';
import { askedRequests } from './asked-requests.ts';
import { requestAdvice } from './request-advice.ts';
import { suggestedRequests, type SuggestedRequest } from './suggested-requests.ts';

/** What a task of a run would become: taken from the cache, left out, started, or decided by what comes before it. */
export type Foreseen = 'CACHED' | 'SKIPPED' | 'RUN' | 'LATER' | 'FAILED';

export interface PreviewRow {
  /** `/for-loop-1[0]/train` */
  readonly path: string;
  readonly displayName: string;
  readonly foreseen: Foreseen;
  /** Why; a sentence or a list of what it waits for. */
  readonly reason: string;
  /** What it asks for; absent where that comes from parameters that are not known yet. */
  readonly resources?: ResourceRequest;
  /** How long it took when it last ran. */
  readonly lastMs?: number;
  /** What its earlier attempts suggest that it asks for. */
  readonly suggested?: SuggestedRequest;
  /** Where what it asks for is far from that: "asks 4 CPU, used at most 0.3". */
  readonly advice?: readonly string[];
}

export interface PreviewOptions {
  readonly document: PipelineDocument;
  readonly arguments: JsonObject;
  readonly useCache: boolean;
  /** What has run before; nothing is written to it. Absent: nothing has. */
  readonly recorded?: Store;
  /** An empty store of its own, for the run that is only imagined. */
  readonly memory: Store;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What steps would be admitted to: what can never fit fails. Absent: anything fits. */
  readonly machine?: { readonly found: Capacity; readonly placement: PlacementSettings };
}

/**
 * What a run would do, without starting a step: the real engine decides, and every step it would start stays started for ever.
 * What comes after such a step is known only by name.
 */
export async function previewRun(options: PreviewOptions): Promise<readonly PreviewRow[]> {
  const { document, memory, artifacts, clock, ids } = options;
  const executor = new StandstillExecutor(options.machine?.found);
  const placement = { ...options.machine?.placement, isImagined: true };
  const onFatal = (error: unknown) => {
    throw error;
  };
  await using engine = new Engine({
    store: withCacheOf(options),
    artifacts,
    executor,
    clock,
    ids,
    placement,
    onFatal,
  });
  await engine.start();
  const settings = options.useCache ? {} : { useCache: false };
  const { runId, pipelineName } = await engine.submit({ document, arguments: options.arguments, settings });
  await engine.settled();
  const tasks = await memory.listTasks(runId);
  const earlier = options.recorded && (await earlierRuns(options.recorded, pipelineName));
  const last = earlier ? await lastDurations(earlier) : new Map<string, number>();
  const reached = tasks.filter((task) => (task.kind !== 'dag' && task.kind !== 'loop') || task.state === 'SKIPPED');
  const rows = reached.map((task) => rowOf(task, executor.launches.get(task.path), last.get(task.path)));
  return withSuggestions([...rows, ...notReached(document, tasks, last)], earlier, document);
}

interface EarlierRuns {
  readonly store: Store;
  /** Of the same pipeline, the newest first. */
  readonly runs: readonly RunRow[];
  /** Those among the newest runs of all pipelines: durations are read from them. */
  readonly newest: readonly RunRow[];
}

/** Runs of any pipeline that are looked through for those of this one. */
const RUNS_LOOKED_THROUGH = 500;
/** And for its durations. */
const RUNS_TIMED = 50;

async function earlierRuns(store: Store, name: string): Promise<EarlierRuns> {
  const all = await store.listRuns({ limit: RUNS_LOOKED_THROUGH });
  const ofPipeline = (runs: readonly RunRow[]) => runs.filter(({ pipelineName }) => pipelineName === name);
  return { store, runs: ofPipeline(all), newest: ofPipeline(all.slice(0, RUNS_TIMED)) };
}

async function withSuggestions(
  rows: readonly PreviewRow[],
  earlier: EarlierRuns | undefined,
  document: PipelineDocument,
): Promise<readonly PreviewRow[]> {
  const documents = earlier && documentCache(earlier.store);
  const suggestions = documents
    ? await suggestedRequests({ ...earlier, pipeline: (digest) => documents.pipeline(digest) }, document)
    : [];
  const byPath = new Map(suggestions.map((suggestion) => [suggestion.path, suggestion]));
  const asked = askedRequests(document);
  return rows.map((row) => {
    const path = withoutIterations(row.path);
    const [suggested, resources] = [byPath.get(path), row.resources ?? asked.get(path)];
    return {
      ...row,
      ...(resources ? { resources } : {}),
      ...(suggested ? { suggested, advice: requestAdvice(resources ?? {}, suggested) } : {}),
    };
  });
}

function rowOf(task: TaskRow, launch: TaskLaunch | undefined, lastMs: number | undefined): PreviewRow {
  const { path, displayName, state, stateReason, error } = task;
  const shared = { path, displayName, ...(lastMs === undefined ? {} : { lastMs }) };
  if (state === 'CACHED' || state === 'SKIPPED') return { ...shared, foreseen: state, reason: stateReason ?? '' };
  if (state === 'FAILED') return { ...shared, foreseen: 'FAILED', reason: error?.message ?? '' };
  if (launch !== undefined) return { ...shared, foreseen: 'RUN', reason: stateReason ?? '', resources: launch.resources };
  return { ...shared, foreseen: 'LATER', reason: stateReason ?? '' };
}

/** Tasks of scopes that have begun, but which wait for something that would run. Scopes among them stand for what is in them. */
function notReached(document: PipelineDocument, tasks: readonly TaskRow[], last: ReadonlyMap<string, number>): PreviewRow[] {
  const { spec } = document;
  const known = new Set(tasks.map(({ path }) => path));
  const rows: PreviewRow[] = [];
  const visit = (path: string, componentName: string | undefined) => {
    const component = componentName === undefined ? spec.root : spec.components[componentName];
    for (const [key, task] of Object.entries(component?.dag?.tasks ?? {})) {
      const own = `${path === '/' ? '' : path}/${key}`;
      const instances = tasks.filter(
        (row) => row.path === own || (row.kind === 'dag' && row.path.replace(/\[\d+\]$/, '') === own),
      );
      if (instances.length === 0 && !known.has(own)) {
        const lastMs = last.get(own);
        const reason = task.dependentTasks.length === 0 ? '' : `after ${task.dependentTasks.join(', ')}`;
        rows.push({
          path: own,
          displayName: task.displayName ?? key,
          foreseen: 'LATER',
          reason,
          ...(lastMs === undefined ? {} : { lastMs }),
        });
      }
      for (const { kind, state, path: at } of instances) if (kind === 'dag' && state !== 'SKIPPED') visit(at, task.componentName);
    }
  };
  visit('/', undefined);
  return rows;
}

async function lastDurations({ store, newest }: EarlierRuns): Promise<ReadonlyMap<string, number>> {
  const durations = new Map<string, number>();
  for (const { runId } of newest) {
    for (const { path, state, startedAtMs, endedAtMs } of await store.listTasks(runId)) {
      if (state !== 'SUCCEEDED' || startedAtMs === null || endedAtMs === null || durations.has(path)) continue;
      durations.set(path, endedAtMs - startedAtMs);
    }
  }
  return durations;
}

/** Writes go to memory; what is asked about earlier runs is answered by the store that knows them. */
function withCacheOf({ memory, recorded }: PreviewOptions): Store {
  if (recorded === undefined) return memory;
  return {
    ...memory,
    lookupCache: (scope, keys) => recorded.lookupCache(scope, keys),
    removeCacheEntries: async () => {},
    findArtifacts: (query) => recorded.findArtifacts(query),
    getArtifact: (id) => recorded.getArtifact(id),
    [Symbol.asyncDispose]: async () => {},
  };
}

const SLOTS = 1_000_000;

/** Takes every step and never does anything with it. */
class StandstillExecutor implements Executor {
  readonly name = 'standstill';
  readonly capabilities = { ...CAPABILITIES.nope, survivesRestart: false };
  readonly launches = new Map<string, TaskLaunch>();
  readonly #machine: Capacity | undefined;

  constructor(machine: Capacity | undefined) {
    this.#machine = machine;
  }

  capacity() {
    const { cpuMillis = SLOTS * 1000, memoryBytes = Number.MAX_SAFE_INTEGER, accelerators = {} } = this.#machine ?? {};
    return { slots: SLOTS, cpuMillis, memoryBytes, accelerators };
  }

  async start(_observe: (observation: Observation) => void): Promise<void> {}

  launch(launch: TaskLaunch): void {
    this.launches.set(launch.path, launch);
  }

  reattach(launch: TaskLaunch): void {
    this.launch(launch);
  }

  cancel(): void {}

  async stop(): Promise<void> {}
}
