import { createHash } from 'node:crypto';
import { checkPlacement } from './check-placement.ts';
import type { Capacity, Executor, Observation, TaskLaunch } from '../../src/executors/executor.ts';
import type { JsonValue } from '../../src/base/json.ts';
import type { AttemptOutcome } from '../../src/model/outcome.ts';
import type { SimClock } from './sim-clock.ts';
import type { SimRandom } from './sim-random.ts';

/** How unkind the world is: probabilities per observation. */
export interface Faults {
  readonly loseObservation: number;
  readonly duplicateObservation: number;
}

interface Step {
  readonly launch: TaskLaunch;
  readonly startedAtMs: number;
  endsAtMs: number;
  outcome: AttemptOutcome;
  ended: boolean;
}

/**
 * Where steps really run: it outlives every engine that is killed. What a step does depends on its path, input and attempt alone, so
 * that a run ends the same whatever happens to the engine.
 */
export class SimWorld {
  readonly steps = new Map<string, Step>();
  readonly violations: string[] = [];
  readonly slots: number;
  readonly #seed: number;
  readonly #failRate: number;
  /** Called before a step starts, to check that it may. */
  onStart: (launch: TaskLaunch) => void = () => {};

  constructor(options: { readonly seed: number; readonly slots: number; readonly failRate: number }) {
    this.#seed = options.seed;
    this.slots = options.slots;
    this.#failRate = options.failRate;
  }

  capacity(): Capacity {
    return { slots: this.slots, cpuMillis: 4000, memoryBytes: 2 ** 33, accelerators: { 'nvidia.com/gpu': 2 } };
  }

  start(launch: TaskLaunch, clock: SimClock): Step {
    this.onStart(launch);
    const running = [...this.steps.values()].filter(({ ended }) => !ended).map((step) => step.launch);
    this.violations.push(...checkPlacement(launch, running, this.capacity()));
    const step: Step = {
      launch,
      startedAtMs: clock.now(),
      endsAtMs: clock.now() + 1 + this.#hash(launch.path, 'duration', launch.attempt) * 5_000,
      outcome: this.#outcome(launch),
      ended: false,
    };
    this.steps.set(launch.attemptId, step);
    return step;
  }

  #outcome(launch: TaskLaunch): AttemptOutcome {
    // A step with an even input may come from the cache, so what it does depends on the input alone and it never fails. Of the
    // others some fail always, some only at first: retries then matter.
    const input = Number(launch.inputs.parameters['in']);
    const fails = input % 2 === 1 && this.#hash(launch.path, 'fails', 0) < this.#failRate;
    const recoversAt =
      this.#hash(launch.path, 'recovers', 0) < 0.5 ? 1 + Math.floor(this.#hash(launch.path, 'when', 0) * 3) : Infinity;
    if (fails && launch.attempt < recoversAt)
      return { kind: 'failed', error: { code: 1, message: `${launch.path} fails`, cause: 'step' } };
    const parameters: Record<string, JsonValue> = {};
    for (const name of Object.keys(launch.outputs.parameters)) parameters[name] = Math.floor(this.#hash(input, name, 0) * 100);
    return { kind: 'succeeded', outputs: { parameters, artifacts: {} } };
  }

  #hash(...parts: readonly (string | number)[]): number {
    return (
      createHash('sha256')
        .update([this.#seed, ...parts].join('|'))
        .digest()
        .readUInt32BE(0) / 4_294_967_296
    );
  }
}

/** The executor of one engine process; when the process is killed it hears and says nothing any more. */
export class SimExecutor implements Executor {
  readonly name = 'sim';
  readonly capabilities = {
    runsPrograms: false,
    sharesFiles: true,
    endsDaemons: true,
    images: true,
    strictResources: true,
    survivesRestart: true,
  };
  dead = false;
  readonly #world: SimWorld;
  readonly #clock: SimClock;
  readonly #random: SimRandom;
  readonly #faults: Faults;
  #observe: (observation: Observation) => void = () => {};

  constructor(options: {
    readonly world: SimWorld;
    readonly clock: SimClock;
    readonly random: SimRandom;
    readonly faults: Faults;
  }) {
    this.#world = options.world;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#faults = options.faults;
  }

  capacity(): Capacity {
    return this.#world.capacity();
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    this.#observe = observe;
  }

  launch(launch: TaskLaunch): void {
    if (this.dead) return;
    if (this.#world.steps.has(launch.attemptId))
      this.#world.violations.push(`${launch.attemptId} was launched twice by one engine`);
    else this.#watch(this.#world.start(launch, this.#clock));
  }

  reattach(launch: TaskLaunch): void {
    if (this.dead) return;
    this.#watch(this.#world.steps.get(launch.attemptId) ?? this.#world.start(launch, this.#clock));
  }

  cancel(attemptId: string): void {
    const step = this.#world.steps.get(attemptId);
    if (this.dead || !step || step.ended) return;
    step.outcome = { kind: 'canceled' };
    step.endsAtMs = this.#clock.now() + 1;
    this.#watch(step);
  }

  async stop(): Promise<void> {
    this.dead = true;
  }

  #watch(step: Step): void {
    this.#clock.at(step.endsAtMs, () => {
      step.ended = true;
      if (this.#random.chance(this.#faults.loseObservation)) return;
      this.#report(step);
      if (this.#random.chance(this.#faults.duplicateObservation)) this.#report(step);
    });
  }

  #report({ launch: { attemptId }, outcome, startedAtMs, endsAtMs }: Step): void {
    if (!this.dead) this.#observe({ kind: 'finished', attemptId, outcome, startedAtMs, endedAtMs: endsAtMs });
  }
}
