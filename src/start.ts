/**
 * The one place that names concrete implementations: configuration in, a running platform out. Everything else is given
 * contracts.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PreviewOptions, PreviewRow } from './app/preview-run.ts';
import type { ArtifactStore } from './artifacts/artifact-store.ts';
import { systemClock } from './base/clock.ts';
import { ProductError } from './base/errors.ts';
import { lockFolder } from './base/folder-lock.ts';
import { systemIds } from './base/ids.ts';
import { type ReservedIds, reservedIds } from './app/reserved-ids.ts';
import type { AccessStore } from './store/access-store.ts';
import type { RetentionStore } from './store/retention-store.ts';
import type { CatalogueStore } from './store/catalogue-store.ts';
import type { Leases } from './store/leases.ts';
import { Engine } from './engine/engine.ts';
import type { Executor } from './executors/executor.ts';
import { workspaceFolder } from './executors/workspace-folder.ts';
import { type ExecutorOptions, openExecutor } from './start-executor.ts';
import { openStore } from './start-store.ts';
import { timedStore } from './store/timed-store.ts';
import type { Store } from './store/store.ts';

export { EXECUTOR_NAMES, type ExecutorName } from './start-executor.ts';
export { checkRules, explainSteps } from './start-explain.ts';

export interface PlatformOptions extends ExecutorOptions {
  /** Folder of everything the platform keeps: database, artifacts, logs, environments. Made if it does not exist. */
  readonly dataDir: string;
  /** `postgres://…`, which other servers may use at the same time. Default: SQLite in the data folder. */
  readonly database?: string | undefined;
  /** Where pipelines without a root of their own keep artifacts: a folder or `s3://bucket/prefix` (start-artifacts.ts). */
  readonly artifacts?: string;
  /** Told how long things took, in seconds: rounds of the engine, and its transactions. */
  readonly timings?: { readonly tick: (seconds: number) => void; readonly commit: (seconds: number) => void };
  /**
   * One process at a time works on a data folder. Called once if another has it; opening then waits for its end. Without it,
   * opening a folder that is in use throws CONFLICT.
   */
  readonly onWait?: () => void;
  /** Called if the platform can no longer record what it decides; it has stopped by then. Default: the error is thrown. */
  readonly onFatal?: (error: unknown) => void;
  /** Told when nothing can be recorded because the disk is full, and everything waits for space; with undefined, when it goes on. */
  readonly onStoreFull?: (error: Error | undefined) => void;
}

export interface Platform extends AsyncDisposable {
  readonly engine: Engine;
  readonly store: Store;
  /** Only of a database that several servers may use. */
  readonly leases?: Leases;
  readonly artifacts: ArtifactStore;
  readonly executor: Executor;
  /** What is kept around runs; made ready when it is asked for, since a run in the foreground does without. */
  catalogue(): CatalogueStore;
  access(): AccessStore;
  /** Letting go of old runs. */
  retention(): RetentionStore;
  /** Those the engine takes its identifiers from. */
  readonly ids: ReservedIds;
  readonly dataDir: string;
  /** Running steps go on and are adopted by the next platform on the same data folder, unless `cancelRunning`. */
  close(options?: { readonly cancelRunning?: boolean }): Promise<void>;
}

export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const dataDir = resolve(options.dataDir);
  const lock = await lockFolder(dataDir, options.onWait);
  if (!lock)
    throw new ProductError('CONFLICT', `another process works on ${dataDir}`, {
      hint: 'wait for its end, or choose another data folder',
    });
  const unlock = (error: unknown): never => {
    lock[Symbol.dispose]();
    throw error;
  };
  const { openArtifacts } = await import('./start-artifacts.ts');
  const stores = { dataDir, clock: systemClock, ...(options.artifacts === undefined ? {} : { artifacts: options.artifacts }) };
  const artifacts = await openArtifacts(stores).catch(unlock);
  // The executor comes first: its fork-servers are to be started while this process is still small.
  const executor = await openExecutor(options, { dataDir, artifacts }).catch(unlock);
  const store = await openStore({ dataDir, database: options.database }).catch(unlock);
  const ids = reservedIds(systemIds);
  const { timings } = options;
  const engine = new Engine({
    store: timings ? timedStore(store, timings.commit) : store,
    ...(timings && { onTick: timings.tick }),
    leases: store.leases,
    artifacts,
    executor,
    clock: systemClock,
    ids,
    ...(options.placement && { placement: options.placement }),
    ...(options.onStoreFull && { onStoreFull: options.onStoreFull }),
    workspacePath: (runId) => workspaceFolder(dataDir, runId),
    onFatal:
      options.onFatal ??
      ((error) => {
        throw error;
      }),
  });
  engine.subscribe(({ runId, run }) => {
    // What failed or was cancelled may be resumed, and then needs it again.
    if (run?.state === 'SUCCEEDED') void rm(workspaceFolder(dataDir, runId), { recursive: true, force: true });
  });
  let isOpen = true;
  const close = async (closing: { readonly cancelRunning?: boolean } = {}) => {
    if (!isOpen) return;
    isOpen = false;
    await engine.stop(closing);
    await store[Symbol.asyncDispose]();
    lock[Symbol.dispose]();
  };
  try {
    await engine.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    engine,
    store,
    ...(store.leases && { leases: store.leases }),
    artifacts,
    executor,
    catalogue: () => store.catalogue(),
    access: () => store.access(),
    retention: () => store.retention(),
    ids,
    dataDir,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

export interface PreviewRequest
  extends Pick<PreviewOptions, 'document' | 'arguments' | 'useCache'>, Pick<ExecutorOptions, 'placement'> {
  /** Where earlier runs are kept; it need not exist. */
  readonly dataDir: string;
}

/** What a run would do. Only reads the data folder, also while another process works on it. */
export async function preview({ dataDir, placement = {}, ...request }: PreviewRequest): Promise<readonly PreviewRow[]> {
  const { openSqliteStore } = await import('./store/sqlite/sqlite-store.ts');
  const { previewRun } = await import('./app/preview-run.ts');
  const file = join(dataDir, 'pipewright.db');
  await using memory = await openSqliteStore({ file: ':memory:' });
  const { openArtifacts } = await import('./start-artifacts.ts');
  const artifacts = await openArtifacts({ dataDir, clock: systemClock });
  const { hostCapacity } = await import('./executors/process/host-capacity.ts');
  const machine = { found: hostCapacity(), placement };
  const shared = { ...request, machine, memory, artifacts, clock: systemClock, ids: systemIds };
  if (!existsSync(file)) return await previewRun(shared);
  await using recorded = await openSqliteStore({ file, readOnly: true });
  return await previewRun({ ...shared, recorded });
}
