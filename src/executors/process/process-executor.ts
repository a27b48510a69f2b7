/**
 * Runs steps as processes of this machine, started and watched by fork-servers (server-pool.ts).
 *
 * Owns the attempts of this engine from launch to their end. Doesn't own processes (fork-servers do), what a step is started
 * with (step-preparation.ts), steps of other engines (adopted-steps.ts), or the decision what runs when.
 * I1. An attempt is in #attempts from launch until it is observed finished; it is observed once (executor.ts I2).
 * I2. A step is started by the claim of its log file (forkserver.py I1); whoever finds it taken looks for the owner in the journals.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { collectOutputs, NO_OUTPUTS } from '../../launcher/collect-outputs.ts';
import { readLogTail } from '../../launcher/log-file.ts';
import { mountPointsOf } from '../../launcher/remote-artifacts.ts';
import { stepPaths } from '../../launcher/step-paths.ts';
import type { AttemptOutcome, ResourceUse, TaskError } from '../../model/outcome.ts';
import { CAPABILITIES } from '../capabilities.ts';
import type { Executor, ExecutorCapabilities, Observation, TaskLaunch } from '../executor.ts';
import { explainFullDisk } from '../full-disk.ts';
import { TAIL_BYTES, thrownError } from '../step-errors.ts';
import { AdoptedSteps } from './adopted-steps.ts';
import { hasOutputs } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { baseEnv } from './base-env.ts';
import { canMount } from './can-mount.ts';
import { exitError, lostError, refusedError } from './exit-outcome.ts';
import { hostCapacity, listGpus } from './host-capacity.ts';
import { keepHouse, MAX_JOURNAL_BYTES } from './housekeeping.ts';
import type { ExitRecord, JournalRecord, RefusedRecord } from './journal-records.ts';
import { Leftovers } from './leftovers.ts';
import { chooseForkServer, ServerPool } from './server-pool.ts';
import { StepPreparation } from './step-preparation.ts';
import type { Prepared } from './step-preparation.ts';
import { isVolumeOperation, runVolumeOperation } from '../volume-operation.ts';
import { gpuCapacity, type GpuCapacity } from '../visible-gpus.ts';
import { WarmServers } from './warm-servers.ts';

export interface ProcessExecutorOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly artifacts: ArtifactStore;
  /** Steps running at once. Default: four for every core, since most steps wait for something most of the time. */
  readonly slots?: number;
  /** Fork-servers. Default: three, or one for every four cores if that is more: measured, a third keeps two cores busier. */
  readonly servers?: number;
  /** GPUs to assign. Default: those that nvidia-smi lists and the server sees (visible-gpus.ts). */
  readonly gpus?: number;
  /** Between SIGTERM and SIGKILL. Default: 5,000. */
  readonly killGraceMs?: number;
  /**
   * The server's environment; steps get the part that base-env.ts names. `PIPEWRIGHT_MOUNTS=off`: nothing is mounted, as on a
   * machine that cannot. Default: process.env.
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_KILL_GRACE_MS = 5000;
/** Ends that are remembered, so that launching one of them again does nothing. */
const MAX_REMEMBERED = 10_000;
/** An attempt is sent to another server when its own has ended before starting it, but not for ever. */
const MAX_LOST_SERVERS = 10;

export function openProcessExecutor(options: ProcessExecutorOptions): Executor {
  return new ProcessExecutor(options);
}

class ProcessExecutor implements Executor {
  readonly name = 'process';
  readonly capabilities: ExecutorCapabilities = CAPABILITIES.process;
  readonly #options: ProcessExecutorOptions;
  readonly #baseEnv: Readonly<Record<string, string>>;
  readonly #preparation: StepPreparation;
  readonly #leftovers: Leftovers;
  readonly #attempts = new Map<string, Attempt>();
  /** Oldest first. */
  readonly #finished = new Set<string>();
  #stopHousekeeping: (() => void) | undefined;
  #servers: { readonly pool: ServerPool; readonly warm: WarmServers; readonly adopted: AdoptedSteps } | undefined;
  #gpus: GpuCapacity = { accelerators: {} };
  /** The machine has some, which may be others'. */
  #hasGpus = false;
  #observe: (observation: Observation) => void = () => {};
  /** A call of the engine's is on the stack: what is known at once is observed after it has returned. */
  #inCall = false;
  #whenIdle: (() => void) | undefined;

  constructor(options: ProcessExecutorOptions) {
    this.#options = options;
    this.#baseEnv = baseEnv(options.environment ?? process.env);
    this.#leftovers = new Leftovers(options.clock);
    const mountsAreOff = (options.environment ?? process.env)['PIPEWRIGHT_MOUNTS'] === 'off';
    this.#preparation = new StepPreparation({
      ...options,
      baseEnv: this.#baseEnv,
      canMount: mountsAreOff ? async () => false : canMount(this.#baseEnv['PATH']!),
      hidesGpus: () => this.#hasGpus,
      note: ({ attemptId }, message, severity) => this.#observe({ kind: 'note', attemptId, message, severity }),
    });
  }

  capacity() {
    return hostCapacity({ slots: this.#options.slots, gpus: this.#gpus });
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    assert(!this.#servers, 'an executor is started once');
    const { dataDir, clock, environment = process.env, servers, killGraceMs = DEFAULT_KILL_GRACE_MS } = this.#options;
    const folder = join(dataDir, 'process');
    this.#observe = observe;
    for (const path of [join(dataDir, 'work'), folder]) mkdirSync(path, { recursive: true, mode: 0o700 });
    const gpus = await listGpus(this.#baseEnv['PATH']!);
    this.#gpus = gpuCapacity(gpus, environment, this.#options.gpus);
    this.#hasGpus = gpus.length > 0 || (this.#options.gpus ?? 0) > 0;
    const pool = new ServerPool({
      folder,
      size: servers ?? Math.max(3, Math.ceil(this.capacity().cpuMillis / 4000)),
      kind: chooseForkServer(this.#baseEnv['PATH']!, environment['PIPEWRIGHT_FORKSERVER']),
      baseEnv: this.#baseEnv,
      killGraceMs,
      journalPrefix: `${clock.now()}-${process.pid}`,
      onRecord: (record) => this.#onRecord(record),
      onLost: (journal) => this.#onLostServer(journal),
    });
    const adopted = new AdoptedSteps({
      folder,
      clock,
      ownJournals: () => pool.journals,
      server: () => pool.next(),
      onEnded: (attempt, record) => this.#ended(attempt, record),
      onLost: (attempt) => (attempt.cancelled ? this.#finish(attempt, { kind: 'canceled' }) : this.#fail(attempt, lostError())),
    });
    this.#stopHousekeeping = keepHouse({
      dataDir,
      clock,
      ownJournals: () => pool.journals,
      isRunning: (id) => this.#attempts.has(id) || this.#hasRun(id),
      rotate: () => pool.rotate(MAX_JOURNAL_BYTES),
    });
    this.#servers = { pool, adopted, warm: new WarmServers(pool, this.#baseEnv, clock) };
  }

  launch(launch: TaskLaunch): void {
    this.#take(launch, (attempt) => this.#start(attempt));
  }

  reattach(launch: TaskLaunch): void {
    this.#take(launch, (attempt) => this.#resume(attempt));
  }

  cancel(attemptId: string): void {
    const attempt = this.#attempts.get(attemptId);
    if (!attempt || attempt.cancelled) return;
    attempt.cancelled = true;
    // An object store that does not answer is not waited for; what comes of it is dropped (I1).
    if (attempt.isDownloading) return this.#finish(attempt, { kind: 'canceled' });
    if (attempt.server) attempt.server.kill(attemptId);
    else this.#started.adopted.cancel(attempt);
  }

  async stop(options: { readonly cancelRunning?: boolean } = {}): Promise<void> {
    if (!this.#servers) return;
    if (options.cancelRunning && this.#attempts.size > 0) {
      const idle = new Promise<void>((resolve) => (this.#whenIdle = resolve));
      for (const attemptId of this.#attempts.keys()) this.cancel(attemptId);
      await idle;
    }
    // From here on the steps belong to whoever adopts them: their outputs must not be collected twice.
    this.#attempts.clear();
    this.#stopHousekeeping?.();
    this.#servers.adopted.stop();
    this.#servers.warm.stop();
    this.#servers.pool.close();
    await this.#leftovers.stop();
  }

  /** A run's folder of parameters is needed as long as one of its steps is. */
  #hasRun(runId: string): boolean {
    for (const { launch } of this.#attempts.values()) if (launch.runId === runId) return true;
    return false;
  }

  get #started() {
    assert(this.#servers, 'an executor is started before it is used');
    return this.#servers;
  }

  // -- beginnings

  #take(launch: TaskLaunch, begin: (attempt: Attempt) => void): void {
    if (this.#attempts.has(launch.attemptId) || this.#finished.has(launch.attemptId)) return;
    const mountPoints = mountPointsOf(launch, this.#options.artifacts);
    const attempt: Attempt = { launch, paths: stepPaths(launch, this.#options), mountPoints, lostServers: 0 };
    this.#attempts.set(launch.attemptId, attempt);
    this.#inCall = true;
    this.#guard(attempt, () => begin(attempt));
    this.#inCall = false;
  }

  /** An attempt that may have been started before. */
  #resume(attempt: Attempt): void {
    if (isVolumeOperation(attempt.launch)) return this.#operateVolume(attempt, { again: true });
    if (existsSync(attempt.paths.log)) return this.#started.adopted.adopt(attempt);
    this.#start(attempt);
  }

  #start(attempt: Attempt): void {
    if (isVolumeOperation(attempt.launch)) return this.#operateVolume(attempt, { again: false });
    const prepared = this.#preparation.prepare(attempt);
    if (!(prepared instanceof Promise)) return this.#send(attempt, prepared);
    this.#background(attempt, async () => this.#send(attempt, await prepared));
  }

  #send(attempt: Attempt, prepared: Prepared): void {
    const { attemptId } = attempt.launch;
    const { pool, warm, adopted } = this.#started;
    if (!this.#attempts.has(attemptId)) return;
    if (prepared.kind === 'claimed') return adopted.adopt(attempt);
    if (attempt.cancelled) return this.#finish(attempt, { kind: 'canceled' });
    if (prepared.kind === 'failed') return this.#fail(attempt, prepared.error);
    if (prepared.kind === 'component') {
      attempt.server = warm.of(prepared.environment);
      return attempt.server.runPython(attemptId, prepared.request);
    }
    const server = pool.next();
    if (!server) return this.#fail(attempt, noServer('no fork-server can be started'));
    attempt.server = server;
    server.run(attemptId, prepared.request);
  }

  #operateVolume(attempt: Attempt, options: { readonly again: boolean }): void {
    const startedMs = this.#options.clock.now();
    this.#background(attempt, async () => {
      const outcome = await runVolumeOperation(attempt.launch, { dataDir: this.#options.dataDir, ...options });
      this.#finish(attempt, outcome, { startedMs, endedMs: this.#options.clock.now() });
    });
  }

  // -- what fork-servers say

  #onRecord(record: JournalRecord): void {
    if (record.kind === 'server' || record.kind === 'started') return;
    const attempt = this.#attempts.get(record.attemptId);
    if (!attempt) return;
    switch (record.kind) {
      case 'exited':
      case 'refused':
        return this.#ended(attempt, record);
      case 'claimed':
        return this.#guard(attempt, () => this.#started.adopted.adopt(attempt));
      case 'gone':
        return this.#started.adopted.gone(attempt);
    }
  }

  #onLostServer(journal: string): void {
    this.#started.adopted.addJournal(journal);
    for (const attempt of this.#attempts.values()) {
      if (attempt.server?.journal !== journal || !attempt.server.ended || attempt.ended) continue;
      delete attempt.server;
      if (++attempt.lostServers > MAX_LOST_SERVERS)
        this.#fail(attempt, noServer('the fork-server of this step ends again and again'));
      else this.#guard(attempt, () => this.#resume(attempt));
    }
  }

  #ended(attempt: Attempt, record: ExitRecord | RefusedRecord): void {
    if (attempt.ended) return;
    attempt.ended = true;
    if (record.kind === 'refused') {
      const { command, args, env } = this.#preparation.stage(attempt);
      return this.#fail(attempt, refusedError(record, attempt.launch, { argv: [...command, ...args], env }), record.atMs);
    }
    const end = (outcome: AttemptOutcome) => this.#finish(attempt, outcome, record, record.leftFiles);
    if (record.reason === 'kill' || (attempt.cancelled && attempt.ending)) return end({ kind: 'canceled' });
    const use = usedBy(record);
    const isGood = record.reason === '' && record.exitCode === 0 && record.signal === 0;
    if (isGood && !hasOutputs(attempt.launch)) return end({ kind: 'succeeded', outputs: NO_OUTPUTS, ...use });
    this.#background(attempt, async () =>
      end({ ...(isGood ? await this.#collect(attempt) : await this.#explain(attempt, record)), ...use }),
    );
  }

  async #collect(attempt: Attempt) {
    const { launch, paths } = attempt;
    const { usesExecutorOutput } = this.#preparation.stage(attempt);
    const collected = await collectOutputs(launch, { paths, artifacts: this.#options.artifacts, usesExecutorOutput });
    return collected.kind === 'failed' ? collected : ({ kind: 'succeeded', outputs: collected.outputs } as const);
  }

  async #explain({ launch, paths }: Attempt, record: ExitRecord) {
    const error = exitError(record, await readLogTail(paths.log, TAIL_BYTES), launch);
    return { kind: 'failed', error: await explainFullDisk(error, this.#options.dataDir) } as const;
  }

  // -- ends

  #fail(attempt: Attempt, error: TaskError, atMs: number = this.#options.clock.now()): void {
    this.#finish(attempt, { kind: 'failed', error }, { startedMs: atMs, endedMs: atMs });
  }

  #finish(
    attempt: Attempt,
    outcome: AttemptOutcome,
    times?: { readonly startedMs: number; readonly endedMs: number },
    leftFiles = true,
  ): void {
    const { attemptId } = attempt.launch;
    if (!this.#attempts.delete(attemptId)) return;
    this.#finished.add(attemptId);
    if (this.#finished.size > MAX_REMEMBERED) this.#finished.delete(this.#finished.keys().next().value!);
    this.#leftovers.remove(attempt, { workFolder: leftFiles, outputs: outcome.kind === 'succeeded' });
    const { startedMs, endedMs } = times ?? { startedMs: this.#options.clock.now(), endedMs: this.#options.clock.now() };
    const observation: Observation = { kind: 'finished', attemptId, outcome, startedAtMs: startedMs, endedAtMs: endedMs };
    if (this.#inCall) queueMicrotask(() => this.#observe(observation));
    else this.#observe(observation);
    if (this.#attempts.size === 0) this.#whenIdle?.();
  }

  #background(attempt: Attempt, work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#fail(attempt, { ...thrownError(error), cause: 'system' }));
  }

  #guard(attempt: Attempt, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(attempt, thrownError(error));
    }
  }
}

/** Every process has used some memory: a fork-server that says otherwise does not measure (node-forkserver.ts). */
function usedBy({ cpuMs, peakBytes }: ExitRecord): { readonly use?: ResourceUse } {
  return peakBytes > 0 ? { use: { cpuMs, peakMemoryBytes: peakBytes } } : {};
}

function noServer(message: string): TaskError {
  return { code: 1, cause: 'system', message, hint: 'see process/forkserver.log in the data folder' };
}
