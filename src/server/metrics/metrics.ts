/**
 * What is measured while the server runs, for `GET /metrics`.
 *
 * Owns the numbers that are counted as things happen; what the store knows (runs by state) is asked when somebody reads.
 * I1. No value names a user, a run or anything a user wrote: labels are states, routes and kinds.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describeSystem } from '../../app/system.ts';
import type { App } from '../../app/app.ts';
import type { EngineUpdate } from '../../engine/run-listeners.ts';
import { isFinalRun, isFinalTask, RUN_STATES, TASK_STATES } from '../../model/states.ts';
import { Registry } from './registry.ts';

export interface RequestFacts {
  /** The operation's id; "other" for what is none. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

export interface Metrics extends Disposable {
  /** For the platform: how long rounds of the engine and transactions of the store took. */
  readonly timings: { readonly tick: (seconds: number) => void; readonly commit: (seconds: number) => void };
  /** Counts what happens to tasks from now on. */
  watch(app: App): Promise<void>;
  request(facts: RequestFacts): void;
  /** The text for whoever scrapes. */
  text(app: App): Promise<string>;
}

const TICK_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const NANOSECONDS = 1e9;

export function createMetrics(): Metrics {
  const registry = new Registry();
  const engine = engineMetrics(registry);
  const http = httpMetrics(registry);
  const process_ = processMetrics(registry);
  return {
    timings: engine.timings,
    watch: (app) => engine.watch(app),
    request: http,
    async text(app) {
      await engine.read(app);
      process_.read();
      return registry.text();
    },
    [Symbol.dispose]() {
      engine.stop();
      process_.stop();
    },
  };
}

function engineMetrics(registry: Registry) {
  const runs = registry.gauge({ name: 'pipewright_runs', help: 'Runs that are kept, by state.' });
  const tasks = registry.gauge({ name: 'pipewright_tasks', help: 'Tasks of runs that have not ended, by state.' });
  const ended = registry.counter({ name: 'pipewright_tasks_ended_total', help: 'Tasks that have ended, by state and kind.' });
  const hits = registry.counter({ name: 'pipewright_cache_hits_total', help: 'Tasks whose outputs were taken from the cache.' });
  const waiting = registry.gauge({ name: 'pipewright_steps_waiting', help: 'Steps that are ready and wait for room.' });
  const running = registry.gauge({ name: 'pipewright_steps_running', help: 'Steps that were launched and have not ended.' });
  const tick = registry.histogram({
    name: 'pipewright_engine_tick_seconds',
    help: 'Duration of a round of the engine: deciding, recording, launching.',
    buckets: TICK_BUCKETS,
  });
  const commit = registry.histogram({
    name: 'pipewright_commit_seconds',
    help: 'Duration of a transaction of the engine.',
    buckets: TICK_BUCKETS,
  });
  const live = new Map<string, Map<number, string>>();
  let stop = () => {};
  // There from the beginning, so that a rate can be computed from the first hit on.
  hits.add({}, 0);

  const take = ({ runId, run, tasks: changed }: Pick<EngineUpdate, 'runId' | 'run' | 'tasks'>, isNews: boolean) => {
    const states = live.get(runId) ?? new Map<number, string>();
    for (const { task, state, kind } of changed) {
      if (isNews && states.get(task) !== state && isFinalTask(state)) {
        ended.add({ state, kind });
        if (state === 'CACHED') hits.add();
      }
      states.set(task, state);
    }
    if (run && isFinalRun(run.state)) live.delete(runId);
    else live.set(runId, states);
  };

  return {
    timings: { tick: (seconds: number) => tick.observe(seconds), commit: (seconds: number) => commit.observe(seconds) },
    stop: () => stop(),
    async watch(app: App) {
      stop = app.engine.subscribe((update) => take(update, true));
      const unfinished = Object.keys(RUN_STATES).filter((state) => !isFinalRun(state as keyof typeof RUN_STATES));
      for (const { runId } of await app.store.listRuns({ states: unfinished, limit: 10_000 })) {
        const earlier = (await app.store.listTasks(runId)).filter(({ task }) => !live.get(runId)?.has(task));
        take({ runId, tasks: earlier }, false);
      }
    },
    async read(app: App) {
      runs.clear();
      for (const [state, count] of Object.entries((await describeSystem(app)).runCounts)) runs.set(count, { state });
      const counts = new Map<string, number>(Object.keys(TASK_STATES).map((state) => [state, 0]));
      for (const states of live.values()) for (const state of states.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
      for (const [state, count] of counts) tasks.set(count, { state });
      waiting.set(app.engine.load.waiting);
      running.set(app.engine.load.running);
    },
  };
}

function httpMetrics(registry: Registry): (facts: RequestFacts) => void {
  const total = registry.counter({ name: 'pipewright_http_requests_total', help: 'Requests answered, by operation and status.' });
  const seconds = registry.histogram({
    name: 'pipewright_http_request_seconds',
    help: 'Time until the head of an answer was ready, by operation.',
    buckets: REQUEST_BUCKETS,
  });
  return (facts) => {
    total.add({ route: facts.route, method: facts.method, status: String(facts.status) });
    seconds.observe(facts.seconds, { route: facts.route });
  };
}

function processMetrics(registry: Registry) {
  const resident = registry.gauge({ name: 'process_resident_memory_bytes', help: 'Memory of this process.' });
  const heap = registry.gauge({ name: 'nodejs_heap_size_used_bytes', help: 'JavaScript heap in use.' });
  const cpu = registry.counter({ name: 'process_cpu_seconds_total', help: 'CPU time of this process, without the steps.' });
  const delay = registry.gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'How much later than asked the event loop came back, since the last reading.',
  });
  const monitor = monitorEventLoopDelay({ resolution: 20 });
  monitor.enable();
  let cpuSeconds = 0;
  return {
    stop: () => void monitor.disable(),
    read() {
      const memory = process.memoryUsage();
      resident.set(memory.rss);
      heap.set(memory.heapUsed);
      const { user, system } = process.cpuUsage();
      const now = (user + system) / 1e6;
      cpu.add({}, now - cpuSeconds);
      cpuSeconds = now;
      for (const quantile of [0.5, 0.99]) delay.set(lateness(monitor.percentile(quantile * 100)), { quantile: String(quantile) });
      delay.set(lateness(monitor.max), { quantile: '1' });
      monitor.reset();
    },
  };
}

/** Without a sample the monitor has no number. */
function lateness(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? nanoseconds / NANOSECONDS : 0;
}
