/**
 * Runs the init containers of a step: one after the other before its own container is started, sidecars beside it until it has ended.
 *
 * Owns containers of a step other than its own, from their creation to their end. Doesn't own their removal (docker-executor.ts).
 * I1. The step's own container exists before any of them is run, and is started after the last has ended or, for a sidecar, begun.
 *     As long as it has not been started, all of this can be done again: a container that is there is not run anew.
 */
import { join } from 'node:path';
import { unlessAborted } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { hasStatus, ifFound, isUnreachable, type DockerApi } from '../../docker/docker-api.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import { readLogTail } from '../../launcher/log-file.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { LaunchInitContainer, TaskLaunch } from '../executor.ts';
import { TAIL_BYTES, timeoutError } from '../step-errors.ts';
import { exitError, outsideError, startError, type ContainerState } from './container-outcome.ts';
import type { Waiting } from './container-preparation.ts';
import type { DaemonPatience } from './daemon-patience.ts';
import type { AttemptPod, DockerAttempt } from './docker-attempt.ts';
import { wasEndedFromOutside } from './ended-from-outside.ts';
import { followLog } from './follow-log.ts';
import type { InitContainerPreparation } from './init-container-preparation.ts';
import { PodLog } from './pod-log.ts';
import type { PodSandbox } from './pod-sandbox.ts';
import type { StepImages } from './step-images.ts';
import { initContainerError, initContainerName, isSidecar, needsSandbox } from './step-pod.ts';

export interface InitContainersOptions {
  readonly api: DockerApi;
  readonly info: DockerInfo;
  readonly clock: Clock;
  readonly patience: DaemonPatience;
  readonly preparation: InitContainerPreparation;
  readonly images: StepImages;
  readonly sandbox: PodSandbox;
  readonly killGraceMs: number;
  /** Ends what waits for the daemon when the executor is stopped. */
  readonly signal: AbortSignal;
  readonly note: (launch: TaskLaunch, message: string, severity?: 'info' | 'warning') => void;
}

/** Between two looks at a sidecar that has ended: the daemon starts it again. */
const RESTART_LOOK_MS = 500;

interface Member {
  readonly attempt: DockerAttempt;
  readonly pod: AttemptPod;
  readonly container: LaunchInitContainer;
  /** Of the daemon's container. */
  readonly name: string;
}

export class InitContainers {
  readonly #options: InitContainersOptions;

  constructor(options: InitContainersOptions) {
    this.#options = options;
  }

  /** Before the step's own container is created: what it shares with the others. The answer is why it cannot be. */
  async open(attempt: DockerAttempt, waiting: Waiting): Promise<TaskError | undefined> {
    const { launch } = attempt;
    if (launch.platform.initContainers.length === 0) return undefined;
    const wrong = initContainerError(launch);
    if (wrong) return wrong;
    const pod = podOf(attempt);
    if (!needsSandbox(launch)) return undefined;
    const shell = await this.#options.preparation.imageWithShell(attempt, waiting);
    if (shell.kind === 'failed') return shell.error;
    const opened = await this.#options.sandbox.open(attempt, shell.image);
    if (opened.kind === 'failed') return opened.error;
    pod.sandbox = opened.sandbox;
    // What they had prepared in memory is gone (as on Kubernetes: "Pod restart reasons").
    if (opened.sandbox.wasRestarted) await this.#forEach(attempt, (member) => this.#remove(member));
    return undefined;
  }

  /** The answer is why the step's own container is not to be started. Throws the signal's reason. */
  async run(attempt: DockerAttempt, { turn, signal }: Waiting): Promise<TaskError | undefined> {
    const { launch } = attempt;
    if (launch.platform.initContainers.length === 0) return undefined;
    const pod = podOf(attempt);
    const limited = { turn, signal: AbortSignal.any([signal, pod.limit.signal]) };
    try {
      for (const member of membersOf(attempt)) {
        const failed = await this.#runOne(member, limited);
        if (failed) return failed;
      }
      return undefined;
    } catch (error) {
      if (!pod.limit.signal.aborted) throw error;
      return timeoutError(launch.timeoutMs!, await readLogTail(attempt.paths.log, TAIL_BYTES));
    } finally {
      attempt.stopTimer?.();
      delete attempt.stopTimer;
    }
  }

  /** The step's own container was found: its sidecars run as well. */
  async adopt(attempt: DockerAttempt): Promise<void> {
    await this.#forEach(attempt, async (member) => {
      const state = await ifFound(this.#state(member));
      if (!state) return;
      begun(member.pod, state);
      if (isSidecar(member.container)) this.#follow(member);
    });
  }

  /** Ends those that run, the last one first, and waits for the rest of what they print. */
  async end(attempt: DockerAttempt): Promise<void> {
    if (!attempt.pod) return;
    const { clock, patience, killGraceMs } = this.#options;
    const untilMs = clock.now() + killGraceMs;
    for (const { name } of membersOf(attempt).reverse()) {
      const t = Math.max(0, Math.ceil((untilMs - clock.now()) / 1000));
      // None is there, or it has ended.
      await patience.call(attempt, 'POST', `/containers/${name}/stop`, { query: { t } }).catch(() => {});
    }
    attempt.pod.over.abort();
    await Promise.all(attempt.pod.followed.values());
  }

  async #runOne(member: Member, waiting: Waiting): Promise<TaskError | undefined> {
    const { attempt, container, pod } = member;
    let state = await ifFound(this.#state(member));
    if (!state) {
      const failed = await this.#create(member, waiting);
      if (failed) return ofContainer(container, failed);
      state = await ifFound(this.#state(member));
    }
    waiting.signal.throwIfAborted();
    if (state?.Status === 'created') {
      const failed = await this.#start(member);
      if (failed) return ofContainer(container, failed);
      state = await ifFound(this.#state(member));
    }
    if (state) begun(pod, state);
    this.#armTimeLimit(attempt);
    if (isSidecar(container)) {
      this.#follow(member);
      return undefined;
    }
    const ended = await waiting.turn.outside(() => unlessAborted(waiting.signal, this.#ended(member)));
    return this.#failure(member, ended);
  }

  async #create(member: Member, waiting: Waiting): Promise<TaskError | undefined> {
    const { preparation, images } = this.#options;
    const { attempt, container, name } = member;
    const prepared = await preparation.prepare(attempt, container, waiting);
    if (prepared.kind === 'failed') return prepared.error;
    try {
      await this.#options.patience.call(attempt, 'POST', '/containers/create', { query: { name }, body: prepared.body });
      return undefined;
    } catch (error) {
      // Made by a request whose answer was lost.
      if (hasStatus(error, 409)) return undefined;
      if (isUnreachable(error)) throw error;
      if (!hasStatus(error, 404) || !prepared.isKnownImage) return startError(error, container);
      images.forget(container.image);
      return this.#create(member, waiting);
    }
  }

  async #start({ attempt, container, name }: Member): Promise<TaskError | undefined> {
    try {
      await this.#options.patience.call(attempt, 'POST', `/containers/${name}/start`);
      return undefined;
    } catch (error) {
      if (isUnreachable(error)) throw error;
      return startError(error, container);
    }
  }

  /** Waits for its end, and has all of its output in the log by then. Throws DockerError: 404 if it was removed. */
  async #ended(member: Member): Promise<ContainerState> {
    const { clock, signal } = this.#options;
    for (;;) {
      await this.#copyOutput(member);
      const state = await this.#state(member);
      if (!state.Running) return state;
      // Its output can end before it does.
      await new Promise<void>((resolve) => clock.at(clock.now() + RESTART_LOOK_MS, resolve));
      signal.throwIfAborted();
    }
  }

  /**
   * Has all that it prints in the log, until the step has ended. Where it has ended and is started again, daemons do not agree on what
   * it is in between; only that it was told to end is an end.
   */
  async #untilStepEnds(member: Member): Promise<void> {
    const { clock, signal } = this.#options;
    const { over } = member.pod;
    for (;;) {
      const isLast = over.signal.aborted;
      await this.#copyOutput(member);
      if (isLast) return;
      const pause = new Promise<void>((resolve) => clock.at(clock.now() + RESTART_LOOK_MS, resolve));
      await unlessAborted(AbortSignal.any([over.signal, signal]), pause).catch(ignore);
      signal.throwIfAborted();
    }
  }

  async #copyOutput({ attempt, pod, container, name }: Member): Promise<void> {
    const { api, signal, patience, note } = this.#options;
    const problem = await patience.insist(attempt, () => followLog(api, name, { log: pod.log.named(container.name), signal }));
    if (problem !== undefined) note(attempt.launch, `init container "${container.name}": ${problem}`, 'warning');
  }

  #follow(member: Member): void {
    const { pod, name } = member;
    // It may be removed, or the executor be stopped: then there is nothing more to follow.
    if (!pod.followed.has(name)) pod.followed.set(name, this.#untilStepEnds(member).then(ignore, ignore));
  }

  async #failure({ attempt, pod, container }: Member, state: ContainerState): Promise<TaskError | undefined> {
    const killedAtMs = pod.killedAtMs.get(container.name);
    const seen = { ...(attempt.outage && { outage: attempt.outage }), ...(killedAtMs !== undefined && { killedAtMs }) };
    if (wasEndedFromOutside(state, { ...seen, info: this.#options.info })) return ofContainer(container, outsideError(state));
    if (state.ExitCode === 0) return undefined;
    const error = exitError(state, await readLogTail(attempt.paths.log, TAIL_BYTES), container);
    return ofContainer(container, { ...error, message: error.message.replace(/^failed to execute component: /, '') });
  }

  #armTimeLimit(attempt: DockerAttempt): void {
    const { launch, pod } = attempt;
    if (launch.timeoutMs === undefined) return;
    const atMs = pod!.startedAtMs! + launch.timeoutMs;
    attempt.stopTimer ??= this.#options.clock.at(atMs, () => pod!.limit.abort());
  }

  async #state({ attempt, name }: Member): Promise<ContainerState> {
    return stateOf(await this.#options.patience.call(attempt, 'GET', `/containers/${name}/json`));
  }

  async #remove({ pod, container, name }: Member): Promise<void> {
    const asked = { query: { force: true, v: true } };
    await this.#options.api.call('DELETE', `/containers/${name}`, asked).catch(() => {});
    await pod.log.restart(container.name);
  }

  async #forEach(attempt: DockerAttempt, work: (member: Member) => Promise<void>): Promise<void> {
    if (attempt.launch.platform.initContainers.length > 0) for (const member of membersOf(attempt)) await work(member);
  }
}

function podOf(attempt: DockerAttempt): AttemptPod {
  const { paths } = attempt;
  return (attempt.pod ??= {
    log: new PodLog({ file: paths.log, countFile: join(paths.folder, 'log-count') }),
    followed: new Map(),
    killedAtMs: new Map(),
    limit: new AbortController(),
    over: new AbortController(),
  });
}

function membersOf(attempt: DockerAttempt): Member[] {
  const pod = podOf(attempt);
  return attempt.launch.platform.initContainers.map((container, place) => ({
    attempt,
    pod,
    container,
    name: initContainerName(attempt, place, container),
  }));
}

function begun(pod: AttemptPod, { StartedAt }: ContainerState): void {
  const atMs = Date.parse(StartedAt);
  // A container that never ran says it started in the year 1.
  if (atMs > 0) pod.startedAtMs ??= atMs;
}

function stateOf(answer: unknown): ContainerState {
  return (answer as { readonly State: ContainerState }).State;
}

function ofContainer({ name }: LaunchInitContainer, error: TaskError): TaskError {
  return { ...error, message: `init container "${name}" failed: ${error.message}` };
}

const ignore = () => {};
