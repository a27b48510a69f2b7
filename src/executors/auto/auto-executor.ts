/**
 * Sends each step to the executor that suits it: processes of this machine, or containers (route-step.ts says which and why).
 *
 * Owns the choice. Doesn't own steps: the executors that were chosen do.
 * I1. An attempt is with one executor, also after a restart with other rules: what went where the rule alone would not send it
 *     again has a mark on disk that says where it is.
 * I2. Where Docker cannot be reached, a step that the rule sends there runs as a process after all, and the user is told: its program
 *     may well be on this machine. What a user chose Docker for fails instead.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { AttemptOutcome, TaskError } from '../../model/outcome.ts';
import { jointCapabilities } from '../capabilities.ts';
import type { Capacity, Executor, ExecutorCapabilities, Observation, TaskLaunch } from '../executor.ts';
import { NO_RULES, routedStep, routeStep, type Route, type RouteRules, type Target } from './route-step.ts';

export interface AutoExecutorOptions {
  readonly process: Executor;
  /** Absent, or while it cannot be started: see I2. Started again when the next step needs it. */
  readonly docker?: Executor;
  readonly rules?: RouteRules;
  readonly dataDir: string;
  readonly clock: Clock;
}

export function openAutoExecutor(options: AutoExecutorOptions): Executor {
  return new AutoExecutor(options);
}

class AutoExecutor implements Executor {
  readonly name = 'auto';
  readonly #options: AutoExecutorOptions;
  readonly #marks: string;
  readonly #chosen = new Map<string, Executor>();
  /** Attempts with a mark on disk. */
  readonly #marked = new Set<string>();
  /** Attempts that wait for Docker to be started. */
  readonly #waiting = new Set<string>();
  /** Marks of an earlier process whose attempts have not been heard of. */
  #oldMarks = new Set<string>();
  #docker: 'off' | 'starting' | 'on' = 'off';
  #starting: Promise<void> = Promise.resolve();
  #whyNoDocker = 'no Docker executor is configured';
  #observe: (observation: Observation) => void = () => {};

  constructor(options: AutoExecutorOptions) {
    this.#options = options;
    this.#marks = join(options.dataDir, 'auto');
  }

  get capabilities(): ExecutorCapabilities {
    return jointCapabilities(this.#parts().map(({ capabilities }) => capabilities));
  }

  /** Both work on the same machine: what there is, is there once. */
  capacity(): Capacity {
    return this.#parts()
      .map((executor) => executor.capacity())
      .reduce((one, other) => ({
        slots: Math.max(one.slots, other.slots),
        cpuMillis: Math.max(one.cpuMillis, other.cpuMillis),
        memoryBytes: Math.max(one.memoryBytes, other.memoryBytes),
        accelerators: largest(one.accelerators, other.accelerators),
        ...((one.devices ?? other.devices) ? { devices: { ...other.devices, ...one.devices } } : {}),
      }));
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    this.#observe = observe;
    mkdirSync(this.#marks, { recursive: true, mode: 0o700 });
    this.#oldMarks = new Set(readdirSync(this.#marks));
    // The daemon is asked first, and its answer is on its way while the fork-servers are started, which this thread waits for.
    const docker = this.#startDocker();
    await nextTurn();
    await this.#options.process.start((observation) => this.#onObservation(observation));
    await docker;
  }

  launch(launch: TaskLaunch): void {
    this.#forgetOldMarks();
    this.#sendByRule(launch, 'launch');
  }

  reattach(launch: TaskLaunch): void {
    const { attemptId } = launch;
    if (this.#oldMarks.delete(attemptId)) this.#marked.add(attemptId);
    const place = this.#markedPlace(attemptId);
    if (place === 'docker') {
      return this.#withDocker(launch, { target: 'docker', isFirm: true, because: 'it was started in a container' }, 'reattach');
    }
    if (place === 'process' || existsSync(logFile(this.#options.dataDir, attemptId))) {
      return this.#send(launch, this.#options.process, 'reattach');
    }
    // It was never started, so that the rule of today counts; others may still be waiting to be adopted.
    this.#sendByRule(launch, 'reattach');
  }

  cancel(attemptId: string): void {
    if (this.#waiting.delete(attemptId)) this.#end(attemptId, { kind: 'canceled' });
    else this.#chosen.get(attemptId)?.cancel(attemptId);
  }

  async stop(options?: { readonly cancelRunning?: boolean }): Promise<void> {
    await this.#starting;
    await Promise.all(this.#parts().map((executor) => executor.stop(options)));
  }

  #parts(): readonly Executor[] {
    const { process, docker } = this.#options;
    return docker && this.#docker === 'on' ? [process, docker] : [process];
  }

  #startDocker(): Promise<void> {
    const { docker } = this.#options;
    if (!docker || this.#docker !== 'off') return this.#starting;
    this.#docker = 'starting';
    this.#starting = docker
      .start((observation) => this.#onObservation(observation))
      .then(
        () => {
          this.#docker = 'on';
        },
        (error: unknown) => {
          this.#docker = 'off';
          this.#whyNoDocker = error instanceof Error ? error.message : String(error);
        },
      );
    return this.#starting;
  }

  #sendByRule(launch: TaskLaunch, how: 'launch' | 'reattach'): void {
    const route = routeStep(routedStep(launch), this.#options.rules ?? NO_RULES);
    if (route.target === 'process') this.#send(launch, this.#options.process, how);
    else this.#withDocker(launch, route, how);
  }

  #withDocker(launch: TaskLaunch, route: Route, how: 'launch' | 'reattach'): void {
    const { docker } = this.#options;
    const { attemptId } = launch;
    if (docker && this.#docker === 'on') return this.#send(launch, docker, how);
    if (this.#waiting.has(attemptId)) return;
    this.#waiting.add(attemptId);
    void this.#startDocker().then(() => {
      if (!this.#waiting.delete(attemptId)) return;
      if (docker && this.#docker === 'on') this.#send(launch, docker, how);
      else if (route.isFirm) this.#refuse(launch, route);
      else this.#fallBack(launch, how);
    });
  }

  #send(launch: TaskLaunch, executor: Executor, how: 'launch' | 'reattach'): void {
    const { attemptId } = launch;
    // Before it is launched: a mark without a container is harmless, a container without a mark would be started twice.
    if (executor === this.#options.docker) this.#writeMark(attemptId, 'docker');
    this.#chosen.set(attemptId, executor);
    executor[how](launch);
  }

  /** The engine launches only after it has adopted what there was: what it has not asked for by then has ended. */
  #forgetOldMarks(): void {
    for (const attemptId of this.#oldMarks) rmSync(this.#mark(attemptId), { force: true });
    this.#oldMarks.clear();
  }

  #mark(attemptId: string): string {
    return join(this.#marks, attemptId);
  }

  #onObservation(observation: Observation): void {
    if (observation.kind === 'finished') {
      const { attemptId } = observation;
      if (this.#marked.delete(attemptId)) rmSync(this.#mark(attemptId), { force: true });
      this.#chosen.delete(attemptId);
    }
    this.#observe(observation);
  }

  /** Without Docker, the program of the image may be one of this machine as well. */
  #fallBack(launch: TaskLaunch, how: 'launch' | 'reattach'): void {
    const { attemptId, image } = launch;
    const message = `runs as a process of this machine, without its image ${image}: ${this.#whyNoDocker}`;
    this.#writeMark(attemptId, 'process');
    this.#observe({ kind: 'note', attemptId, message, severity: 'warning' });
    this.#send(launch, this.#options.process, how);
  }

  #writeMark(attemptId: string, place: Target): void {
    writeFileSync(this.#mark(attemptId), place);
    this.#marked.add(attemptId);
  }

  #markedPlace(attemptId: string): Target | undefined {
    try {
      return readFileSync(this.#mark(attemptId), 'utf8') === 'process' ? 'process' : 'docker';
    } catch {
      return undefined;
    }
  }

  #refuse({ attemptId, image }: TaskLaunch, { because }: Route): void {
    const error: TaskError = {
      code: 1,
      cause: 'input',
      message: `this step needs a container because ${because}, and there is none to be had: ${this.#whyNoDocker}`,
      hint: `start Docker, or, if the step works with the programs of this machine, allow it with --image-on-host ${image}`,
    };
    this.#marked.delete(attemptId);
    rmSync(this.#mark(attemptId), { force: true });
    this.#end(attemptId, { kind: 'failed', error });
  }

  #end(attemptId: string, outcome: AttemptOutcome): void {
    const nowMs = this.#options.clock.now();
    queueMicrotask(() => this.#observe({ kind: 'finished', attemptId, outcome, startedAtMs: nowMs, endedAtMs: nowMs }));
  }
}

function largest(one: Capacity['accelerators'], other: Capacity['accelerators']): Capacity['accelerators'] {
  const types = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...types].map((type) => [type, Math.max(one[type] ?? 0, other[type] ?? 0)]));
}
