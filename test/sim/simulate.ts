/**
 * Runs one random pipeline in a simulated world, on the real decide, loop and SQLite: steps take simulated time, observations
 * get lost or come twice, the engine is killed at random moments (before or after it has recorded) and started again.
 */
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { Store } from '../../src/store/store.ts';
import type { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import type { RunRow, TaskRow } from '../../src/model/run.ts';
import { isFinalRun } from '../../src/model/states.ts';
import type { PipelineDocument } from '../../src/ir/spec.ts';
import { InvariantChecker } from './invariants.ts';
import { randomPipeline } from './pipeline-generator.ts';
import { SimClock } from './sim-clock.ts';
import { SimExecutor, SimWorld, type Faults } from './sim-executor.ts';
import { SimRandom } from './sim-random.ts';

const START_MS = Date.UTC(2026, 0, 1);
const MAX_MOMENTS = 20_000;
const MAX_KILLS = 40;

export interface Simulation {
  readonly run: RunRow;
  readonly tasks: readonly TaskRow[];
  readonly violations: readonly string[];
  readonly kills: number;
}

/**
 * With `unkind: false` nothing goes wrong: the outcome everything else is compared with. With `disturb`, the run is cancelled at
 * some moment, then resumed, then run again from a task.
 */
export async function simulate(
  seed: number,
  { unkind, disturb = false }: { readonly unkind: boolean; readonly disturb?: boolean },
): Promise<Simulation> {
  const random = new SimRandom(seed ^ (unkind ? 0x5bd1e995 : 0));
  const document = randomPipeline(new SimRandom(seed));
  const shape = new SimRandom(seed + 1);
  const world = new SimWorld({ seed, slots: 1 + shape.below(6), failRate: shape.pick([0, 0.1, 0.4]) });
  const faults: Faults = unkind
    ? { loseObservation: 0.05, duplicateObservation: 0.1 }
    : { loseObservation: 0, duplicateObservation: 0 };
  const store = await openSqliteStore({ file: ':memory:' });
  try {
    const process = new SimProcess({ seed, store, world, random, faults, document, killRate: unkind ? 0.1 : 0 });
    return await process.run(disturb);
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

interface ProcessOptions {
  readonly seed: number;
  readonly store: Store;
  readonly world: SimWorld;
  readonly random: SimRandom;
  readonly faults: Faults;
  readonly document: PipelineDocument;
  readonly killRate: number;
}

class SimProcess {
  readonly #options: ProcessOptions;
  readonly #clock = new SimClock(START_MS);
  readonly #checker: InvariantChecker;
  #engine!: Engine;
  #executor!: SimExecutor;
  #life = { alive: true };
  #kills = 0;
  #runId: string | undefined;
  #latest: RunRow | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#checker = new InvariantChecker(options.document, options.world);
  }

  async run(disturb: boolean): Promise<Simulation> {
    const { store, world, document } = this.#options;
    await this.#boot();
    const { runId } = await this.#engine.submit({ document });
    this.#runId = runId;
    if (disturb) await this.#disturb(runId);
    else await this.#untilFinal();
    const run = (await store.getRun(runId))!;
    const tasks = await store.listTasks(runId);
    const violations = [...world.violations, ...(await this.#checker.final(run, tasks, store))];
    return { run, tasks, violations, kills: this.#kills };
  }

  async #disturb(runId: string): Promise<void> {
    const { random, store } = this.#options;
    await this.#untilFinal(random.below(30));
    await this.#engine.cancel(runId);
    await this.#untilFinal();
    if (this.#latest!.state !== 'SUCCEEDED') {
      await this.#engine.resume(runId);
      this.#latest = undefined;
      await this.#untilFinal(random.below(60));
      await this.#untilFinal();
    }
    const leaves = (await store.listTasks(runId)).filter(({ kind }) => kind === 'container');
    if (leaves.length === 0) return;
    await this.#engine.resume(runId, { fromTask: random.pick(leaves).task });
    this.#latest = undefined;
    await this.#untilFinal();
  }

  /** Lets time pass until the run is final, or for so many moments. */
  async #untilFinal(moments = MAX_MOMENTS): Promise<void> {
    const { random, killRate } = this.#options;
    for (let moment = 0; moment < moments; moment += 1) {
      await this.#engine.settled();
      if (this.#latest && isFinalRun(this.#latest.state)) return;
      const stuck = !this.#clock.advance();
      if (stuck || (random.chance(killRate) && this.#kills < MAX_KILLS)) await this.#kill(stuck);
    }
    await this.#engine.settled();
  }

  /** The engine is gone at once: in the middle of a tick, its transaction may or may not have been written. */
  async #kill(stuck: boolean): Promise<void> {
    if (stuck && this.#options.faults.loseObservation === 0)
      throw new Error(`seed ${this.#options.seed}: nothing is due and the run is not final`);
    this.#kills += 1;
    const midTick = this.#options.random.chance(0.5);
    if (midTick) this.#clock.advance();
    this.#life.alive = this.#options.random.chance(0.5);
    this.#executor.dead = true;
    await this.#engine.settled();
    this.#life.alive = false;
    this.#clock.forgetAll();
    await this.#boot();
    // What the killed engine recorded last, it may not have told any more.
    if (this.#runId !== undefined) this.#latest = await this.#options.store.getRun(this.#runId);
  }

  async #boot(): Promise<void> {
    const { world, random, faults, store } = this.#options;
    const life = { alive: true };
    this.#life = life;
    this.#executor = new SimExecutor({ world, clock: this.#clock, random, faults });
    let uuids = 0;
    this.#engine = new Engine({
      store: killable(store, life),
      artifacts: NO_ARTIFACTS,
      executor: this.#executor,
      clock: this.#clock,
      ids: { uuid: () => `00000000-0000-4000-8000-${String(this.#options.seed * 100 + uuids++).padStart(12, '0')}` },
      onFatal: (error) => {
        if (life.alive) throw error;
      },
    });
    this.#engine.subscribe((update) => {
      if (!life.alive) return;
      if (update.run) this.#latest = update.run;
      this.#checker.see(update.tasks);
    });
    await this.#engine.start();
  }
}

/** A store that the killed process can no longer write to. */
function killable(store: Store, life: { alive: boolean }): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      if (name === 'commit' && !life.alive) return () => Promise.reject(new Error('the process was killed'));
      const member: unknown = Reflect.get(target, name, receiver);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

const NO_ARTIFACTS: ArtifactStore = {
  name: 'none',
  defaultPipelineRoot: '/sim',
  handles: () => true,
  localPath: (uri) => uri,
  size: () => Promise.resolve(undefined),
  exists: () => Promise.resolve(true),
  read: () => Promise.reject(new Error('no artifacts in the simulation')),
  adopt: () => Promise.resolve(),
  materialise: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
