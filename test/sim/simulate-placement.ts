/** Runs without end on a few node pools: only admission is real. Steps of all sizes come all the time, more than there is room for. */
import { Admission, MAX_WAIT_MS } from '../../src/engine/admission.ts';
import { admissionCapacity } from '../../src/engine/admission-capacity.ts';
import { placementOf } from '../../src/engine/placement-of.ts';
import type { Holding } from '../../src/engine/admission-node.ts';
import type { Shape } from '../../src/engine/admission-shape.ts';
import type { NodePool, ResourceRequest } from '../../src/executors/executor.ts';
import { checkPlacement } from './check-placement.ts';
import { SimRandom } from './sim-random.ts';

const GPU = 'nvidia.com/gpu';
const SECONDS = 2_000;
const LONGEST_SECONDS = 10;
const MOST_WAITING = 20;

interface Step {
  readonly run: string;
  readonly priority: number;
  readonly shape: Shape;
  readonly offeredAt: number;
}

interface Running {
  readonly step: Step;
  readonly holding: Holding;
  readonly endsAt: number;
}

export interface PlacementSimulation {
  readonly violations: readonly string[];
  readonly started: number;
  /** In use of the CPUs that there are, over the whole time. */
  readonly busy: number;
}

export function simulatePlacement(seed: number): PlacementSimulation {
  const random = new SimRandom(seed);
  const scene = new Scene(random);
  for (let second = 0; second < SECONDS; second += 1) scene.live(second);
  return scene.result();
}

class Scene {
  readonly #random: SimRandom;
  readonly #pools: readonly NodePool[];
  readonly #slots: number;
  readonly #admission: Admission<Step>;
  readonly #runs: readonly { readonly run: string; readonly priority: number }[];
  readonly #shapes: readonly Shape[];
  /** By run and shape: the steps that wait, oldest first, and since when the first is the first. */
  readonly #waiting = new Map<string, { readonly steps: Step[]; firstSince: number }>();
  readonly #violations: string[] = [];
  #running: Running[] = [];
  #started = 0;
  #cpuSeconds = 0;

  constructor(random: SimRandom) {
    this.#random = random;
    this.#pools = Array.from({ length: 1 + random.below(5) }, (_, index) => randomPool(random, index));
    this.#slots = random.pick([3, 8, 1_000_000]);
    const whole = { slots: this.#slots, cpuMillis: 0, memoryBytes: 0, accelerators: {} };
    this.#admission = new Admission(admissionCapacity(whole, { pools: this.#pools }, { strict: true }));
    this.#runs = Array.from({ length: 1 + random.below(5) }, (_, index) => ({
      run: `run-${index}`,
      priority: random.pick([0, 0, 5, 9]),
    }));
    const shapes = Array.from({ length: 2 + random.below(4) }, () => this.#admission.shapeOf({ request: randomRequest(random) }));
    this.#shapes = shapes.filter(({ refusal }) => refusal === undefined);
  }

  live(second: number): void {
    const ending = this.#running.filter(({ endsAt }) => endsAt <= second);
    this.#running = this.#running.filter(({ endsAt }) => endsAt > second);
    for (const { holding } of ending) this.#admission.release(holding);
    for (const { run, priority } of this.#runs)
      for (const shape of this.#shapes) this.#offer({ run, priority, shape, offeredAt: second });
    for (let next = this.#admit(second); next; next = this.#admit(second)) this.#start(next.item, next.holding, second);
    for (const { holding } of this.#running) this.#cpuSeconds += (holding.request.cpuMillis ?? 0) / 1000;
    this.#checkWaits(second);
  }

  result(): PlacementSimulation {
    const cpus = this.#pools.reduce((sum, { cpuMillis }) => sum + cpuMillis / 1000, 0);
    return { violations: this.#violations, started: this.#started, busy: this.#cpuSeconds / (cpus * SECONDS) };
  }

  #admit(second: number) {
    return this.#admission.next(second * 1000, () => false);
  }

  #offer(step: Step): void {
    const line = this.#lineOf(step);
    if (line.steps.length >= MOST_WAITING || !this.#random.chance(0.7)) return;
    if (line.steps.length === 0) line.firstSince = step.offeredAt;
    line.steps.push(step);
    this.#admission.offer({ runId: step.run, priority: step.priority }, step, step.shape);
  }

  #start(step: Step, holding: Holding, second: number): void {
    const line = this.#lineOf(step);
    if (line.steps.shift() !== step) this.#violations.push(`${step.run} starts a step before one of its like that is older`);
    line.firstSince = second;
    const placed = (of: Step, held: Holding) => {
      const placement = placementOf(held);
      return { path: of.run, resources: held.request, ...(placement && { placement }) };
    };
    const { pool } = holding.node;
    const there = this.#running.filter((other) => other.holding.node.pool === pool);
    if (this.#running.length >= this.#slots)
      this.#violations.push(`${step.run} starts a step, and all ${this.#slots} slots are taken`);
    const machine = { ...pool, slots: this.#slots, accelerators: { ...pool.accelerators } };
    const beside = there.map((other) => placed(other.step, other.holding));
    const devices = holding.request.accelerator
      ? this.#pools.reduce((sum, { accelerators }) => sum + (accelerators[GPU] ?? 0), 0)
      : 0;
    if (devices > 0) machine.accelerators[GPU] = devices;
    this.#violations.push(...checkPlacement(placed(step, holding), beside, machine));
    this.#running.push({ step, holding, endsAt: second + 1 + this.#random.below(LONGEST_SECONDS) });
    this.#started += 1;
  }

  /** Of the highest priority there is, what waits is served in turn: nothing waits longer than all others together may take. */
  #checkWaits(second: number): void {
    const highest = Math.max(...this.#runs.map(({ priority }) => priority));
    const limit = MAX_WAIT_MS / 1000 + this.#waiting.size * (LONGEST_SECONDS + 1);
    for (const { steps, firstSince } of this.#waiting.values()) {
      const [first] = steps;
      if (!first || first.priority < highest || second - firstSince !== limit + 1) continue;
      this.#violations.push(`${JSON.stringify(first.shape.request)} of ${first.run} is not served for ${limit} seconds`);
    }
  }

  #lineOf({ run, shape }: Pick<Step, 'run' | 'shape'>): { readonly steps: Step[]; firstSince: number } {
    const key = `${run} ${this.#shapes.indexOf(shape)}`;
    let line = this.#waiting.get(key);
    if (!line) {
      line = { steps: [], firstSince: 0 };
      this.#waiting.set(key, line);
    }
    return line;
  }
}

function randomPool(random: SimRandom, index: number): NodePool {
  return {
    name: `pool-${index}`,
    labels: {},
    taints: [],
    cpuMillis: random.pick([2000, 4000, 8000]),
    memoryBytes: random.pick([1000, 4000]),
    accelerators: { [GPU]: random.below(4) },
  };
}

function randomRequest(random: SimRandom): ResourceRequest {
  const count = random.pick([0, 0, 1, 2]);
  return {
    cpuMillis: random.pick([100, 500, 1000, 2000, 3000, 4000, 8000]),
    memoryBytes: random.pick([1, 100, 500, 1000]),
    ...(count > 0 ? { accelerator: { type: GPU, count } } : {}),
  };
}
