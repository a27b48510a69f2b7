/** The functions of the product on a database in memory, with a clock and steps that do what a test says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../../src/app/app.ts';
import { reservedIds } from '../../src/app/reserved-ids.ts';
import { openLocalArtifactStore } from '../../src/artifacts/local/local-artifact-store.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { Engine } from '../../src/engine/engine.ts';
import { CAPABILITIES } from '../../src/executors/capabilities.ts';
import type { Executor, Observation, TaskLaunch } from '../../src/executors/executor.ts';
import { zeroOutputs } from '../../src/executors/nope/nope-executor.ts';
import type { AttemptOutcome } from '../../src/model/outcome.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { type ManualClock, manualClock } from './access-app.ts';

/** Steps succeed at once, or stay until `end` is called. */
export class HeldExecutor implements Executor {
  readonly name = 'held';
  readonly capabilities = CAPABILITIES.nope;
  readonly #clock: ManualClock;
  readonly #running = new Map<string, TaskLaunch>();
  #observe: (observation: Observation) => void = () => {};
  /** Whether steps stay. Default: they succeed at once. */
  holds = false;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  capacity() {
    return { slots: 1000, cpuMillis: 1_000_000, memoryBytes: Number.MAX_SAFE_INTEGER, accelerators: {} };
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    this.#observe = observe;
  }

  launch(launch: TaskLaunch): void {
    this.#running.set(launch.attemptId, launch);
    if (!this.holds) setImmediate(() => this.#end(launch.attemptId, succeeded(launch)));
  }

  reattach(launch: TaskLaunch): void {
    this.launch(launch);
  }

  cancel(attemptId: string): void {
    setImmediate(() => this.#end(attemptId, { kind: 'canceled' }));
  }

  async stop(): Promise<void> {
    this.#running.clear();
  }

  get running(): readonly TaskLaunch[] {
    return [...this.#running.values()];
  }

  /** Ends all steps that run: successfully, or with a message. */
  end(failure?: string): void {
    for (const launch of this.running) {
      const failed = { kind: 'failed', error: { code: 1, message: failure ?? '', cause: 'step' } } as const;
      this.#end(launch.attemptId, failure === undefined ? succeeded(launch) : failed);
    }
  }

  #end(attemptId: string, outcome: AttemptOutcome): void {
    const nowMs = this.#clock.now();
    if (this.#running.delete(attemptId))
      this.#observe({ kind: 'finished', attemptId, outcome, startedAtMs: nowMs, endedAtMs: nowMs });
  }
}

const succeeded = (launch: TaskLaunch): AttemptOutcome => ({ kind: 'succeeded', outputs: zeroOutputs(launch) });

export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly clock: ManualClock;
  readonly executor: HeldExecutor;
  readonly dataDir: string;
}

export async function testApp(options: { readonly startMs?: number } = {}): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-app-'));
  const store = await openSqliteStore({ file: ':memory:' });
  const clock = manualClock(options.startMs);
  const executor = new HeldExecutor(clock);
  const artifacts = openLocalArtifactStore({ root: join(dataDir, 'artifacts') });
  let count = 0;
  const ids = reservedIds({ uuid: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}` });
  const failures: unknown[] = [];
  const engine = new Engine({ store, artifacts, executor, clock, ids, onFatal: (error) => failures.push(error) });
  await engine.start();
  const app = createApp({
    store,
    catalogue: store.catalogue(),
    retention: store.retention(),
    engine,
    artifacts,
    executor,
    clock,
    ids,
    dataDir,
    version: '0.0.0',
    startedAtMs: clock.now(),
    timeZone: 'UTC',
    pipelineOrigins: [],
    recurringChanged: () => {},
  });
  return {
    app,
    clock,
    executor,
    dataDir,
    async [Symbol.asyncDispose]() {
      await engine.stop();
      await store[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
      if (failures.length > 0) throw new AggregateError(failures, 'the engine stopped');
    },
  };
}

/** A pipeline spec as a source of runs. */
export const inline = (spec: JsonObject) => ({ kind: 'inline', spec: JSON.stringify(spec) }) as const;
