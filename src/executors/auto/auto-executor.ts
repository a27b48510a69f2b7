/**
 * Sends each step to the executor that suits it: processes of this machine, or containers (route-step.ts says which and why).
 *
 * Owns the choice. Doesn't own steps: the executors that were chosen do.
 * I1. An attempt is with one executor, also after a restart with other rules: what went to Docker has a mark on disk, what went to
 *     a process has a log.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { Capacity, Executor, ExecutorCapabilities, Observation, TaskLaunch } from '../executor.ts';
import { NO_RULES, routeStep, type Route, type RouteRules } from './route-step.ts';

export interface AutoExecutorOptions {
  readonly process: Executor;
  /** Absent, or if it cannot be started: steps that need it fail, and say so. */
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
  #docker: Executor | undefined;
  #whyNoDocker = 'no Docker executor is configured';
  #observe: (observation: Observation) => void = () => {};

  constructor(options: AutoExecutorOptions) {
    this.#options = options;
    this.#docker = options.docker;
    this.#marks = join(options.dataDir, 'auto');
  }

  get capabilities(): ExecutorCapabilities {
    const parts = this.#parts().map(({ capabilities }) => capabilities);
    return {
      images: parts.some(({ images }) => images),
      strictResources: parts.every(({ strictResources }) => strictResources),
      survivesRestart: parts.every(({ survivesRestart }) => survivesRestart),
    };
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
      }));
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    this.#observe = observe;
    mkdirSync(this.#marks, { recursive: true, mode: 0o700 });
    await this.#options.process.start((observation) => this.#onObservation(observation));
    try {
      await this.#docker?.start((observation) => this.#onObservation(observation));
    } catch (error) {
      this.#docker = undefined;
      this.#whyNoDocker = error instanceof Error ? error.message : String(error);
    }
  }

  launch(launch: TaskLaunch): void {
    const route = routeStep(launch, this.#options.rules ?? NO_RULES);
    const executor = this.#executorOf(route);
    if (!executor) return this.#refuse(launch, route);
    // Before it is launched: a mark without a container is harmless, a container without a mark would be started twice.
    if (executor === this.#docker) writeFileSync(this.#mark(launch.attemptId), '');
    this.#chosen.set(launch.attemptId, executor);
    executor.launch(launch);
  }

  reattach(launch: TaskLaunch): void {
    const { attemptId } = launch;
    const wasDocker = existsSync(this.#mark(attemptId));
    const wasProcess = !wasDocker && existsSync(logFile(this.#options.dataDir, attemptId));
    if (!wasDocker && !wasProcess) return this.launch(launch);
    const executor = wasDocker ? this.#docker : this.#options.process;
    if (!executor) return this.#refuse(launch, { target: 'docker', because: 'it was started in a container' });
    this.#chosen.set(attemptId, executor);
    executor.reattach(launch);
  }

  cancel(attemptId: string): void {
    this.#chosen.get(attemptId)?.cancel(attemptId);
  }

  async stop(options?: { readonly cancelRunning?: boolean }): Promise<void> {
    await Promise.all(this.#parts().map((executor) => executor.stop(options)));
  }

  #parts(): readonly Executor[] {
    return this.#docker ? [this.#options.process, this.#docker] : [this.#options.process];
  }

  #executorOf({ target }: Route): Executor | undefined {
    return target === 'process' ? this.#options.process : this.#docker;
  }

  #mark(attemptId: string): string {
    return join(this.#marks, attemptId);
  }

  #onObservation(observation: Observation): void {
    if (observation.kind === 'finished') {
      const { attemptId } = observation;
      if (this.#chosen.get(attemptId) === this.#docker) rmSync(this.#mark(attemptId), { force: true });
      this.#chosen.delete(attemptId);
    }
    this.#observe(observation);
  }

  #refuse({ attemptId, image }: TaskLaunch, { because }: Route): void {
    const error: TaskError = {
      code: 1,
      cause: 'input',
      message: `this step needs a container because ${because}, and there is none to be had: ${this.#whyNoDocker}`,
      hint: `start Docker, or, if the step works with the programs of this machine, allow it with --image-on-host ${image}`,
    };
    const nowMs = this.#options.clock.now();
    const outcome = { kind: 'failed', error } as const;
    queueMicrotask(() => this.#observe({ kind: 'finished', attemptId, outcome, startedAtMs: nowMs, endedAtMs: nowMs }));
  }
}

function largest(one: Capacity['accelerators'], other: Capacity['accelerators']): Capacity['accelerators'] {
  const types = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...types].map((type) => [type, Math.max(one[type] ?? 0, other[type] ?? 0)]));
}
