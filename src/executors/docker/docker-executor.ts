/**
 * Runs steps as containers, through the Docker Engine API (Podman's compatible service as well).
 *
 * Owns the attempts of this engine from launch to their end, and what is left of them afterwards. Doesn't own containers while they
 * run (container-runner.ts), or the decision what runs when.
 * I1. An attempt is in #attempts from launch until it is observed finished; it is observed once (executor.ts I2).
 * I2. A container is ours if its label names our data folder. It is removed after its end was observed; one that no attempt belongs
 *     to is found by a sweep.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { assert } from '../../base/assert.ts';
import { collectOutputs } from '../../launcher/collect-outputs.ts';
import { readLogTail } from '../../launcher/log-file.ts';
import type { AttemptOutcome, TaskError } from '../../model/outcome.ts';
import { CAPABILITIES } from '../capabilities.ts';
import type { Capacity, Executor, ExecutorCapabilities, Observation, TaskLaunch } from '../executor.ts';
import { explainFullDisk } from '../full-disk.ts';
import { TAIL_BYTES, thrownError, timeoutError } from '../step-errors.ts';
import { gpuCapacity } from '../visible-gpus.ts';
import { isVolumeOperation, runVolumeOperation } from '../volume-operation.ts';
import { exitError, outsideError, useAtEnd, withOutOfMemory, type ContainerState } from './container-outcome.ts';
import type { ContainerEnd } from './container-runner.ts';
import { sweepContainers } from './container-sweep.ts';
import { fetchCustomPaths } from './custom-paths.ts';
import { attemptFolders, dockerPaths, type DockerAttempt } from './docker-attempt.ts';
import { connectDocker, type DockerConnection, type DockerExecutorOptions } from './docker-connection.ts';
import { timesOf, wasEndedFromOutside } from './ended-from-outside.ts';
import { replaceForeignLinks } from './foreign-links.ts';
import { listenForKills } from './kill-events.ts';
import { machineGpus } from './machine-gpus.ts';
import { isOldSdk, restoreUris } from './old-sdk.ts';
import { containerNames } from './step-pod.ts';

export const DATA_LABEL = 'pipewright.data';
const SLOTS_PER_CORE = 4;
/** An engine that starts has asked for every step it has to adopt long before. */
const SWEEP_AFTER_MS = 10_000;
const SWEEP_EVERY_MS = 60 * 60_000;
/** Ends that are remembered, so that launching one of them again does nothing. */
const MAX_REMEMBERED = 10_000;

export function openDockerExecutor(options: DockerExecutorOptions): Executor {
  return new DockerExecutor(options);
}

class DockerExecutor implements Executor {
  readonly name = 'docker';
  readonly capabilities: ExecutorCapabilities = CAPABILITIES.docker;
  readonly #options: DockerExecutorOptions;
  readonly #dataId: string;
  readonly #attempts = new Map<string, DockerAttempt>();
  /** Oldest first. */
  readonly #finished = new Set<string>();
  readonly #closing = new AbortController();
  #started: DockerConnection | undefined;
  #stopSweeping: () => void = () => {};
  /** Every attempt there is to adopt has been named: a container without one is nobody's. */
  #knowsAll = false;
  #observe: (observation: Observation) => void = () => {};
  #whenIdle: (() => void) | undefined;

  constructor(options: DockerExecutorOptions) {
    this.#options = options;
    mkdirSync(attemptFolders(options.dataDir), { recursive: true, mode: 0o700 });
    this.#dataId = createHash('sha256').update(realpathSync(options.dataDir)).digest('hex').slice(0, 12);
  }

  capacity(): Capacity {
    const { info } = this.#running;
    return {
      slots: this.#options.slots ?? info.cpus * SLOTS_PER_CORE,
      cpuMillis: info.cpus * 1000,
      memoryBytes: info.memoryBytes,
      ...gpuCapacity(info.gpus ? machineGpus() : [], this.#options.environment ?? process.env),
    };
  }

  /** Throws UNAVAILABLE if no daemon answers. */
  async start(observe: (observation: Observation) => void): Promise<void> {
    assert(!this.#started, 'an executor is started once');
    const { clock } = this.#options;
    this.#observe = observe;
    const connection = await connectDocker(this.#options, {
      clock,
      labels: { [DATA_LABEL]: this.#dataId },
      signal: this.#closing.signal,
      note: ({ attemptId }, message, severity = 'info') => this.#observe({ kind: 'note', attemptId, message, severity }),
    });
    listenForKills({
      api: connection.api,
      engine: connection.info.engine,
      daemon: connection.daemon,
      clock,
      label: `${DATA_LABEL}=${this.#dataId}`,
      signal: this.#closing.signal,
      onKill: (attemptId, atMs, beside) => {
        const attempt = this.#attempts.get(attemptId);
        if (beside !== undefined) attempt?.pod?.killedAtMs.set(beside, atMs);
        else if (attempt && !attempt.ending) attempt.killedAtMs = atMs;
      },
    });
    this.#started = connection;
    this.#armSweep(SWEEP_AFTER_MS);
  }

  launch(launch: TaskLaunch): void {
    // The engine launches only after it has adopted what there was.
    this.#knowsAll = true;
    this.#take(launch, { again: false });
  }

  reattach(launch: TaskLaunch): void {
    this.#take(launch, { again: true });
  }

  cancel(attemptId: string): void {
    const attempt = this.#attempts.get(attemptId);
    if (!attempt || attempt.cancel.signal.aborted) return;
    attempt.cancel.abort();
    // One that has not been started yet is looked at before it is.
    if (attempt.startedAtMs !== undefined) void this.#running.runner.end(attempt, 'cancel');
  }

  async stop(options: { readonly cancelRunning?: boolean } = {}): Promise<void> {
    if (!this.#started) return;
    const { api, removal, daemon } = this.#started;
    if (options.cancelRunning && this.#attempts.size > 0) {
      const idle = new Promise<void>((resolve) => (this.#whenIdle = resolve));
      for (const attemptId of this.#attempts.keys()) this.cancel(attemptId);
      await idle;
    }
    this.#stopSweeping();
    daemon.stop();
    this.#closing.abort();
    // The engine has recorded all ends: nothing has to be kept any longer. What still runs belongs to whoever adopts it.
    await removal.flush();
    if (this.#knowsAll) await this.#sweep();
    this.#attempts.clear();
    api.close();
  }

  get #running(): DockerConnection {
    assert(this.#started, 'an executor is started before it is used');
    return this.#started;
  }

  // -- one attempt

  #take(launch: TaskLaunch, options: { readonly again: boolean }): void {
    if (this.#attempts.has(launch.attemptId) || this.#finished.has(launch.attemptId)) return;
    const attempt: DockerAttempt = {
      launch,
      paths: dockerPaths(launch, this.#options),
      container: `pipewright-${this.#dataId}-${launch.attemptId.replace(/[^a-zA-Z0-9_.-]/g, '_')}`,
      cancel: new AbortController(),
      ...(options.again ? { adoptedAtMs: this.#options.clock.now() } : {}),
    };
    this.#attempts.set(launch.attemptId, attempt);
    this.#run(attempt, options).catch((error: unknown) => {
      if (this.#closing.signal.aborted) return;
      this.#finish(attempt, { kind: 'failed', error: thrownError(error) });
    });
  }

  async #run(attempt: DockerAttempt, { again }: { readonly again: boolean }): Promise<void> {
    // Nothing is observed before the engine's call has returned.
    await Promise.resolve();
    const { launch } = attempt;
    if (isVolumeOperation(launch)) {
      const startedMs = this.#options.clock.now();
      const outcome = await runVolumeOperation(launch, { dataDir: this.#options.dataDir, again });
      return this.#finish(attempt, outcome, { startedMs, endedMs: this.#options.clock.now() });
    }
    const end = await this.#running.runner.run(attempt, { again });
    const outcome = await this.#outcomeOf(attempt, end);
    this.#finish(attempt, outcome, end.kind === 'ended' ? timesOf(end.state) : undefined);
  }

  async #outcomeOf(attempt: DockerAttempt, end: ContainerEnd): Promise<AttemptOutcome> {
    const { launch, paths } = attempt;
    if (end.kind === 'cancelled') return { kind: 'canceled' };
    if (end.kind === 'failed') return attempt.cancel.signal.aborted ? { kind: 'canceled' } : { kind: 'failed', error: end.error };
    await this.#running.handOver.take(attempt);
    const state = withOutOfMemory(end.state, attempt, this.#running.info);
    if (attempt.ending === 'cancel') return { kind: 'canceled' };
    const use = useAtEnd(attempt.use, state, launch);
    const failed = (error: TaskError): AttemptOutcome => ({ kind: 'failed', error, ...use });
    if (attempt.ending === 'timeout' || ranTooLong(state, attempt)) {
      return failed(timeoutError(launch.timeoutMs!, await readLogTail(paths.log, TAIL_BYTES)));
    }
    if (wasEndedFromOutside(state, { ...attempt, info: this.#running.info })) return failed(outsideError(state));
    if (state.ExitCode !== 0) {
      const error = exitError(state, await readLogTail(paths.log, TAIL_BYTES), launch);
      return failed(await explainFullDisk(error, this.#options.dataDir));
    }
    const { api, preparation } = this.#running;
    const { usesExecutorOutput } = preparation.stage(attempt);
    await replaceForeignLinks(api, attempt, this.#options);
    await fetchCustomPaths(api, attempt);
    if (usesExecutorOutput && isOldSdk(launch)) await restoreUris(paths.executorOutput);
    const collected = await collectOutputs(launch, { paths, artifacts: this.#options.artifacts, usesExecutorOutput });
    return collected.kind === 'failed' ? failed(collected.error) : { kind: 'succeeded', outputs: collected.outputs, ...use };
  }

  #finish(
    attempt: DockerAttempt,
    outcome: AttemptOutcome,
    times?: { readonly startedMs: number; readonly endedMs: number },
  ): void {
    const { attemptId } = attempt.launch;
    if (this.#closing.signal.aborted || !this.#attempts.delete(attemptId)) return;
    this.#finished.add(attemptId);
    if (this.#finished.size > MAX_REMEMBERED) this.#finished.delete(this.#finished.keys().next().value!);
    if (!isVolumeOperation(attempt.launch)) {
      // A request to create it may have been carried out though its answer was an error.
      this.#running.removal.add({ containers: containerNames(attempt), folder: attempt.paths.folder });
    }
    const now = this.#options.clock.now();
    const { startedMs, endedMs } = times ?? { startedMs: attempt.startedAtMs ?? now, endedMs: now };
    this.#observe({ kind: 'finished', attemptId, outcome, startedAtMs: startedMs, endedAtMs: endedMs });
    if (this.#attempts.size === 0) this.#whenIdle?.();
  }

  // -- what is left over

  #armSweep(inMs: number): void {
    const { clock } = this.#options;
    this.#stopSweeping = clock.at(clock.now() + inMs, () => {
      this.#knowsAll = true;
      void this.#sweep();
      this.#armSweep(SWEEP_EVERY_MS);
    });
  }

  async #sweep(): Promise<void> {
    const isNeeded = (attemptId: string) => this.#attempts.has(attemptId);
    const isFinished = (attemptId: string) => this.#finished.has(attemptId);
    const label = `${DATA_LABEL}=${this.#dataId}`;
    await sweepContainers({ ...this.#running, dataDir: this.#options.dataDir, label, isNeeded, isFinished });
  }
}

/** Of an adopted attempt: an engine that is gone had ended it for its time limit. */
function ranTooLong(state: ContainerState, { launch: { timeoutMs }, pod }: DockerAttempt): boolean {
  if (timeoutMs === undefined || ![137, 143].includes(state.ExitCode) || state.OOMKilled) return false;
  const { startedMs, endedMs } = timesOf(state);
  return endedMs - (pod?.startedAtMs ?? startedMs) >= timeoutMs;
}
