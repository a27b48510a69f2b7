/**
 * Takes one attempt from its launch to the end of its container.
 *
 * Owns containers between their creation and their end. Doesn't own what an end means, nor their removal (docker-executor.ts).
 * I1. The container's name is made of the attempt's, and only one container can have it: whoever creates it has the right to run
 *     the attempt, and whoever finds it taken watches the one that is there.
 * I2. Every request can be sent again: a daemon that goes away and comes back is asked until it answers.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { DockerError, hasStatus, ifFound, isUnreachable, type DockerApi } from '../../docker/docker-api.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import { usesWorkFolder } from './container-config.ts';
import { daemonError, lostError, startError, type ContainerState } from './container-outcome.ts';
import type { ContainerPreparation, Waiting } from './container-preparation.ts';
import type { DaemonPatience } from './daemon-patience.ts';
import type { DaemonWatch } from './daemon-watch.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import { AppendedLog, followLog, type LogSink } from './follow-log.ts';
import type { InitContainers } from './init-containers.ts';
import { lostOutput } from './lost-output.ts';
import type { StepImages } from './step-images.ts';
import { Turns } from './turns.ts';
import { UsageSampler } from './usage-sampler.ts';

export type ContainerEnd =
  | { readonly kind: 'ended'; readonly state: ContainerState }
  | { readonly kind: 'failed'; readonly error: TaskError }
  /** It was to be ended before it had begun. */
  | { readonly kind: 'cancelled' };

export interface RunnerOptions {
  readonly api: DockerApi;
  readonly info: DockerInfo;
  readonly daemon: DaemonWatch;
  readonly patience: DaemonPatience;
  readonly preparation: ContainerPreparation;
  readonly initContainers: InitContainers;
  readonly clock: Clock;
  readonly images: StepImages;
  readonly killGraceMs: number;
  /** Ends what waits for the daemon when the executor is stopped. */
  readonly signal: AbortSignal;
  readonly note: (launch: TaskLaunch, message: string, severity?: 'info' | 'warning') => void;
}

/** Containers that are being created and started at once; more only wait inside the daemon. */
const MAX_STARTING = 16;

export class ContainerRunner {
  readonly #options: RunnerOptions;
  #useInit = true;
  readonly #usage: UsageSampler;
  readonly #turns = new Turns(MAX_STARTING);

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#usage = new UsageSampler(options);
  }

  /** `again`: the attempt may have been started before. Throws only when the executor is stopped. */
  async run(attempt: DockerAttempt, { again }: { readonly again: boolean }): Promise<ContainerEnd> {
    try {
      const end = await this.#run(attempt, { again });
      await this.#options.initContainers.end(attempt);
      return end;
    } finally {
      await attempt.pod?.log.close();
    }
  }

  async #run(attempt: DockerAttempt, { again }: { readonly again: boolean }): Promise<ContainerEnd> {
    try {
      const found = again ? await ifFound(this.#inspect(attempt)) : undefined;
      if (again && !found && existsSync(attempt.paths.log)) return { kind: 'failed', error: lostError() };
      if (!found || found.Status === 'created') {
        const signal = AbortSignal.any([attempt.cancel.signal, this.#options.signal]);
        const refused = await this.#turns.take(signal, (turn) =>
          this.#start(attempt, { found, turn, signal, useInit: this.#useInit }),
        );
        if (refused) return refused;
      } else await this.#options.initContainers.adopt(attempt);
      return await this.#watch(attempt);
    } catch (error) {
      if (attempt.cancel.signal.aborted) return { kind: 'cancelled' };
      // What is wrong with a request stays wrong; the rest is between the daemon and us.
      if (!(error instanceof DockerError) || error.status === 400 || this.#options.signal.aborted) throw error;
      return { kind: 'failed', error: daemonError(error, this.#options.daemon.limitMs) };
    }
  }

  /** SIGTERM, and SIGKILL after the grace period. A container that has ended by itself is left alone. */
  async end(attempt: DockerAttempt, why: 'cancel' | 'timeout'): Promise<void> {
    if (attempt.ending) return;
    attempt.ending = why;
    const { clock, killGraceMs } = this.#options;
    if (!(await this.#kill(attempt, 'SIGTERM'))) {
      delete attempt.ending;
      return;
    }
    attempt.stopTimer?.();
    attempt.stopTimer = clock.at(clock.now() + killGraceMs, () => void this.#kill(attempt, 'SIGKILL'));
  }

  /** False if there was nothing to end. */
  async #kill(attempt: DockerAttempt, signal: string): Promise<boolean> {
    try {
      await this.#options.patience.call(attempt, 'POST', `/containers/${attempt.container}/kill`, { query: { signal } });
      return true;
    } catch {
      return false;
    }
  }

  // -- beginnings

  /** Its container, created by us or by an earlier engine. */
  async #inspect(attempt: DockerAttempt): Promise<ContainerState> {
    const answer = await this.#options.patience.call(attempt, 'GET', `/containers/${attempt.container}/json`);
    const { Id, Image, State, Config } = answer as {
      readonly Id: string;
      readonly Image: string;
      readonly State: ContainerState;
      readonly Config: { readonly WorkingDir?: string; readonly User?: string };
    };
    attempt.containerId = Id;
    attempt.imageId = Image;
    attempt.user = Config.User ?? '';
    if (Config.WorkingDir) attempt.workingDir = Config.WorkingDir;
    const startedAtMs = Date.parse(State.StartedAt);
    // A container that never ran says it started in the year 1.
    if (startedAtMs > 0) attempt.startedAtMs = startedAtMs;
    return State;
  }

  /** The answer is why it was not started. */
  async #start(attempt: DockerAttempt, beginning: Beginning): Promise<ContainerEnd | undefined> {
    if (attempt.cancel.signal.aborted) return { kind: 'cancelled' };
    const { patience, clock, initContainers } = this.#options;
    const wrong = await initContainers.open(attempt, beginning);
    if (wrong) return { kind: 'failed', error: wrong };
    if (!beginning.found) {
      const failed = await this.#create(attempt, beginning);
      if (failed) return failed;
      if (attempt.startedAtMs !== undefined) return undefined;
    }
    const error = await initContainers.run(attempt, beginning);
    if (error) return { kind: 'failed', error };
    if (attempt.cancel.signal.aborted) return { kind: 'cancelled' };
    await claim(attempt.paths.log);
    try {
      await patience.call(attempt, 'POST', `/containers/${attempt.container}/start`);
    } catch (error) {
      if (isUnreachable(error)) throw error;
      if (beginning.useInit && isInitMissing(error)) return this.#startWithoutInit(attempt, beginning);
      return { kind: 'failed', error: startError(error, attempt.launch) };
    }
    attempt.startedAtMs = clock.now();
    return undefined;
  }

  /** The daemon lacks the program that `Init` stands for. */
  async #startWithoutInit(attempt: DockerAttempt, beginning: Beginning): Promise<ContainerEnd | undefined> {
    this.#useInit = false;
    await this.#options.api.call('DELETE', `/containers/${attempt.container}`, { query: { force: true, v: true } });
    return this.#start(attempt, { ...beginning, found: undefined, useInit: false });
  }

  async #create(attempt: DockerAttempt, beginning: Beginning): Promise<ContainerEnd | undefined> {
    const { patience, images, preparation } = this.#options;
    const prepared = await preparation.prepare(attempt, beginning, beginning);
    if (prepared.kind !== 'ready') return prepared;
    if (attempt.cancel.signal.aborted) return { kind: 'cancelled' };
    const asked = { query: { name: attempt.container }, body: prepared.body };
    try {
      const { Id } = (await patience.call(attempt, 'POST', '/containers/create', asked)) as { readonly Id: string };
      attempt.containerId = Id;
      if (!usesWorkFolder(prepared.image.workingDir)) attempt.workingDir = prepared.image.workingDir;
      return undefined;
    } catch (error) {
      if (isUnreachable(error)) throw error;
      if (hasStatus(error, 409)) {
        // Ours, of an earlier engine or of a request whose answer was lost.
        await this.#inspect(attempt);
        return undefined;
      }
      if (hasStatus(error, 404) && prepared.isKnownImage) {
        images.forget(attempt.launch.image);
        return this.#create(attempt, beginning);
      }
      if (beginning.useInit && isInitMissing(error)) {
        this.#useInit = false;
        return this.#create(attempt, { ...beginning, useInit: false });
      }
      return { kind: 'failed', error: startError(error, attempt.launch) };
    }
  }

  // -- until the end

  async #watch(attempt: DockerAttempt): Promise<ContainerEnd> {
    const { api, info, patience, signal, note } = this.#options;
    const { launch } = attempt;
    if (attempt.cancel.signal.aborted) void this.end(attempt, 'cancel');
    this.#armTimeLimit(attempt);
    const stopSampling = this.#usage.watch(attempt.containerId!, (use) => (attempt.use = use));
    try {
      for (;;) {
        const follow = () => followLog(api, attempt.container, { log: logOf(attempt), signal });
        const problem = await patience.insist(attempt, follow);
        const state = await this.#inspect(attempt);
        const warning = problem ?? (state.Running ? undefined : await lostOutput(info));
        if (warning !== undefined) note(launch, warning, 'warning');
        if (!state.Running) return { kind: 'ended', state };
        // The output can end before the program does; then only its end is waited for.
        await patience.insist(attempt, () => this.#waitForEnd(attempt));
      }
    } finally {
      stopSampling();
      attempt.stopTimer?.();
    }
  }

  async #waitForEnd({ container }: DockerAttempt): Promise<void> {
    const { api, signal } = this.#options;
    const response = await api.open('POST', `/containers/${container}/wait`, { signal });
    try {
      for await (const _chunk of response);
    } catch (cause) {
      throw new DockerError(0, `the connection to the Docker daemon broke: ${(cause as Error).message}`, { cause });
    }
  }

  #armTimeLimit(attempt: DockerAttempt): void {
    const { timeoutMs } = attempt.launch;
    if (timeoutMs === undefined) return;
    const atMs = (attempt.pod?.startedAtMs ?? attempt.startedAtMs ?? this.#options.clock.now()) + timeoutMs;
    attempt.stopTimer ??= this.#options.clock.at(atMs, () => void this.end(attempt, 'timeout'));
  }
}

/** Docker says it when a container is started, Podman when it is created. */
function isInitMissing(error: unknown): boolean {
  return /docker-init|catatonit|init binary/i.test((error as Error).message);
}

/** The log says that the attempt was started, also when its container is gone. */
async function claim(log: string): Promise<void> {
  await mkdir(dirname(log), { recursive: true });
  await writeFile(log, '', { flag: 'a', mode: 0o600 });
}

function logOf({ pod, paths }: DockerAttempt): LogSink {
  return pod ? pod.log.own() : new AppendedLog(paths.log);
}

interface Beginning extends Waiting {
  /** Its container, if there is one. */
  readonly found: ContainerState | undefined;
  /** See ContainerSetting. */
  readonly useInit: boolean;
}
