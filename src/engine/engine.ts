/**
 * The engine: runs pipelines. What the product can do with runs, over the loop that does it.
 *
 * Owns: what may be done with a run when, and which runs are on their way into the loop. Doesn't own: deciding (decide.ts),
 * recording and acting (loop.ts), other servers' runs (shared-runs.ts).
 */
import type { Clock } from '../base/clock.ts';
import { ProductError } from '../base/errors.ts';
import type { Ids } from '../base/ids.ts';
import type { JsonObject } from '../base/json.ts';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { Executor } from '../executors/executor.ts';
import type { RunRow } from '../model/run.ts';
import { isFinalRun } from '../model/states.ts';
import type { Leases } from '../store/leases.ts';
import type { Store } from '../store/store.ts';
import type { StoreFull } from '../store/store-full.ts';
import type { PlacementSettings } from './admission-capacity.ts';
import { adoptRuns } from './adopt-runs.ts';
import { NOTHING_TO_RECORD } from './batch-of-runs.ts';
import { loadRun, type LoadingOptions } from './load-run.ts';
import { Loop, type EngineLoad } from './loop.ts';
import { SharedRuns } from './shared-runs.ts';
import { noEffects } from './effects.ts';
import { newRun } from './new-run.ts';
import { PlannedDocuments } from './planned-documents.ts';
import { runRow } from './rows.ts';
import { RunListeners, type EngineUpdate } from './run-listeners.ts';
import { defineRun, type RunRequest } from './run-request.ts';
import { pathOf } from './run-data.ts';

export interface EngineOptions {
  readonly store: Store;
  /** Given when other servers use the store too. */
  readonly leases?: Leases | undefined;
  readonly artifacts: ArtifactStore;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly workspacePath?: (runId: string) => string;
  /** Told how long each round of deciding and recording took, in seconds. */
  readonly onTick?: (seconds: number) => void;
  /** Capacity and node pools; default: the machine, as the executor finds it. */
  readonly placement?: PlacementSettings;
  /** Called once if the store fails: the engine has stopped deciding, the process should end and be started again. */
  readonly onFatal: (error: unknown) => void;
  /** Told when nothing can be recorded because the store is full, and all that is decided waits; with undefined, when it goes on. */
  readonly onStoreFull?: (error: StoreFull | undefined) => void;
}

const MAX_ACTIVE_RUNS = 10_000;

export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  readonly #loop: Loop;
  readonly #documents: PlannedDocuments;
  readonly #loading: LoadingOptions;
  readonly #listeners = new RunListeners();
  readonly #shared: SharedRuns | undefined;
  /** Runs that are being recorded and are not in the loop yet. */
  readonly #submitting = new Set<string>();
  /** Final runs that are being loaded to go on with: each is gone on with once. */
  readonly #resuming = new Set<string>();
  #fatal: unknown = undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#documents = new PlannedDocuments(options.store);
    this.#loading = { store: options.store, documents: this.#documents };
    this.#loop = new Loop({
      ...options,
      isShared: options.leases !== undefined,
      onUpdate: (update) => this.#listeners.tell({ runId: update.run.runId, ...update, notes: [] }),
      onNote: ({ runId, task, message, severity }) => {
        this.#listeners.tell({ runId, tasks: [], notes: [{ task: task.number, path: pathOf(task), message, severity }] });
      },
      onFatal: (error) => {
        this.#fatal = error;
        this.#listeners.fail(error);
        options.onFatal(error);
      },
    });
    this.#shared = options.leases && this.#share(options.leases);
  }

  #share(leases: Leases): SharedRuns {
    const { store, clock } = this.#options;
    return new SharedRuns({
      leases,
      store,
      clock,
      running: () => this.#loop.running(),
      adopt: (runs) => this.#adopt(runs.filter(({ runId }) => !this.#submitting.has(runId) && !this.#loop.get(runId))),
      drop: (runId) => this.#loop.drop(runId),
      cancel: async (runId, reason) => {
        const run = this.#loop.get(runId);
        if (!run) return false;
        this.#loop.post(run, { kind: 'cancel-requested', reason });
        await this.#loop.recorded();
        return true;
      },
      tell: (update) => {
        if (!this.#loop.get(update.runId)) this.#listeners.tell({ ...update, notes: [] });
      },
      hasListeners: () => this.#listeners.hasAny,
    });
  }

  /**
   * Starts the executor and goes on with every run that was not final; their steps are adopted. A run whose pipeline can no longer
   * be read ends as failed: it must not keep all others from going on.
   */
  async start(): Promise<void> {
    const { store, executor } = this.#options;
    await executor.start((observation) => this.#loop.observe(observation));
    if (this.#shared) return await this.#shared.start();
    await this.#adopt(await store.listRuns({ states: ['PENDING', 'RUNNING', 'CANCELING', 'PAUSED'], limit: MAX_ACTIVE_RUNS }));
  }

  #adopt(unfinished: readonly RunRow[]): Promise<void> {
    return adoptRuns(unfinished, { ...this.#loading, loop: this.#loop, clock: this.#options.clock });
  }

  /** Checks and records the run; it is on its way when this returns. Throws INVALID_PIPELINE or INVALID_ARGUMENTS. */
  async submit(request: RunRequest): Promise<RunRow> {
    this.#assertAlive();
    const { store, artifacts, clock, ids } = this.#options;
    const prepared = this.#documents.prepare(request.document);
    const runId = ids.uuid();
    const definition = await defineRun(request, { prepared, artifacts, runId, nowMs: clock.now() });
    await store.saveDocument(prepared.digest, prepared.body);
    const effects = noEffects();
    const run = newRun(definition, prepared.document, prepared.plan, effects);
    const row = runRow(run);
    // The start of a run follows from its definition, so recording the row is accepting the run.
    this.#submitting.add(runId);
    try {
      await store.commit({ ...NOTHING_TO_RECORD, runs: [{ ...row, state: 'RUNNING' }], newRuns: true, durable: true });
      this.#loop.add(run, 0);
    } finally {
      this.#submitting.delete(runId);
    }
    this.#loop.enqueue(effects);
    return row;
  }

  /** Ends the run early; harmless if it is final. Throws NOT_FOUND. */
  async cancel(runId: string, reason = 'cancelled by the user'): Promise<void> {
    const run = this.#loop.get(runId);
    if (run) return this.#loop.post(run, { kind: 'cancel-requested', reason });
    const row = await this.#find(runId);
    if (this.#shared && !isFinalRun(row.state)) await this.#shared.cancelElsewhere(runId, reason);
  }

  /**
   * Goes on with a final run: keeps what succeeded, runs the rest. With `fromTask` (its number), that task and everything after
   * it runs again. Throws NOT_FOUND, CONFLICT while the run is not final, or if there is nothing to do.
   */
  async resume(runId: string, { fromTask }: { readonly fromTask?: number } = {}): Promise<RunRow> {
    this.#assertAlive();
    const row = await this.#find(runId);
    if (this.#loop.get(runId) || this.#resuming.has(runId) || !isFinalRun(row.state)) {
      throw new ProductError('CONFLICT', `run ${runId} is ${row.state.toLowerCase()}`, {
        hint: 'wait for its end or cancel it first',
      });
    }
    if (row.state === 'SUCCEEDED' && fromTask === undefined) {
      throw new ProductError('CONFLICT', `run ${runId} has succeeded: there is nothing to resume`, {
        hint: 'name a task to run again from',
      });
    }
    this.#resuming.add(runId);
    const { run, sequence } = await loadRun(row, this.#loading).finally(() => this.#resuming.delete(runId));
    if (fromTask !== undefined && !run.tasks[fromTask])
      throw new ProductError('NOT_FOUND', `run ${runId} has no task ${fromTask}`);
    this.#loop.add(run, sequence);
    this.#loop.post(run, { kind: 'resumed', ...(fromTask === undefined ? {} : { fromTask }) });
    return { ...row, state: 'RUNNING' };
  }

  /** A new run of the same pipeline with some arguments changed; what did not change comes from the cache. */
  async clone(runId: string, changes: { readonly arguments?: JsonObject; readonly displayName?: string } = {}): Promise<RunRow> {
    const row = await this.#find(runId);
    const { document } = await this.#documents.of(row);
    return this.submit({
      document,
      arguments: { ...row.arguments, ...changes.arguments },
      settings: row.settings,
      pipelineRoot: row.pipelineRoot,
      namespace: row.namespace,
      clonedFromRunId: runId,
      ...(changes.displayName === undefined ? {} : { displayName: changes.displayName }),
    });
  }

  /** The run once it is final. Rejects when the engine fails meanwhile. Throws NOT_FOUND. */
  async wait(runId: string): Promise<RunRow> {
    this.#assertAlive();
    const unwatch = this.#shared?.watch(runId);
    try {
      return await this.#listeners.untilFinal(runId, () => this.#findFinal(runId));
    } finally {
      unwatch?.();
    }
  }

  subscribe(listener: (update: EngineUpdate) => void): () => void {
    return this.#listeners.subscribe(listener);
  }

  /** Resolves when all that has happened so far is decided and recorded. */
  settled(): Promise<void> {
    return this.#loop.settled();
  }

  /** Steps that wait for room, and steps that run. */
  get load(): EngineLoad {
    return this.#loop.load;
  }

  /** Stops deciding. Steps go on unless `cancelRunning`; a later engine on the same store adopts them. */
  async stop({ cancelRunning = false }: { readonly cancelRunning?: boolean } = {}): Promise<void> {
    await this.#shared?.stop();
    await this.#loop.stop();
    await this.#options.executor.stop({ cancelRunning });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #assertAlive(): void {
    if (this.#fatal === undefined) return;
    throw new ProductError('UNAVAILABLE', 'the engine has stopped because it could not record its decisions', {
      cause: this.#fatal,
    });
  }

  /** A run in memory is not looked up: its end will be told. */
  async #findFinal(runId: string): Promise<RunRow | undefined> {
    if (this.#loop.get(runId)) return undefined;
    const row = await this.#find(runId);
    return isFinalRun(row.state) ? row : undefined;
  }

  async #find(runId: string): Promise<RunRow> {
    const row = await this.#options.store.getRun(runId);
    if (!row) throw new ProductError('NOT_FOUND', `there is no run ${runId}`);
    return row;
  }
}
