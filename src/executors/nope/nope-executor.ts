import type { Clock } from '../../base/clock.ts';
import type { JsonValue } from '../../base/json.ts';
import type { ParameterType } from '../../ir/spec.ts';
import type { TaskOutputs } from '../../model/outcome.ts';
import { CAPABILITIES } from '../capabilities.ts';
import type { Executor, ExecutorCapabilities, Observation, TaskLaunch } from '../executor.ts';

const SLOTS = 1_000_000;
const MAX_REMEMBERED = 10_000;

/** Runs nothing: every step succeeds at once with outputs made from the declared types. For tests and the overhead benchmark. */
export function openNopeExecutor(options: { readonly clock: Clock }): Executor {
  return new NopeExecutor(options.clock);
}

class NopeExecutor implements Executor {
  readonly name = 'nope';
  readonly capabilities: ExecutorCapabilities = CAPABILITIES.nope;
  readonly #clock: Clock;
  #observe: (observation: Observation) => void = () => {};
  /** Oldest first; launching one of them again does nothing. */
  readonly #finished = new Set<string>();
  /** Launched in this turn of the event loop; a cancelled one has no launch any more. */
  #waiting = new Map<string, TaskLaunch | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  capacity() {
    return { slots: SLOTS, cpuMillis: SLOTS * 1000, memoryBytes: Number.MAX_SAFE_INTEGER, accelerators: {} };
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    this.#observe = observe;
  }

  launch(launch: TaskLaunch): void {
    if (this.#waiting.has(launch.attemptId) || this.#finished.has(launch.attemptId)) return;
    if (this.#waiting.size === 0) setImmediate(() => this.#finishAll());
    this.#waiting.set(launch.attemptId, launch);
  }

  reattach(launch: TaskLaunch): void {
    this.launch(launch);
  }

  cancel(attemptId: string): void {
    if (this.#waiting.has(attemptId)) this.#waiting.set(attemptId, undefined);
  }

  async stop({ cancelRunning = false }: { readonly cancelRunning?: boolean } = {}): Promise<void> {
    if (cancelRunning) for (const attemptId of this.#waiting.keys()) this.cancel(attemptId);
    else this.#waiting.clear();
    this.#finishAll();
  }

  #finishAll(): void {
    const finished = this.#waiting;
    this.#waiting = new Map();
    const now = this.#clock.now();
    for (const [attemptId, launch] of finished) {
      const outcome = launch ? ({ kind: 'succeeded', outputs: zeroOutputs(launch) } as const) : ({ kind: 'canceled' } as const);
      this.#finished.add(attemptId);
      if (this.#finished.size > MAX_REMEMBERED) this.#finished.delete(this.#finished.keys().next().value!);
      this.#observe({ kind: 'finished', attemptId, outcome, startedAtMs: now, endedAtMs: now });
    }
  }
}

const ZERO: Readonly<Record<ParameterType, JsonValue>> = {
  STRING: '',
  NUMBER_INTEGER: 0,
  NUMBER_DOUBLE: 0,
  BOOLEAN: false,
  LIST: [],
  STRUCT: {},
  TASK_FINAL_STATUS: {},
  TASK_CONFIG: {},
};

/** The zero value of every declared parameter's type; artifacts as planned, without content. */
export function zeroOutputs({ outputs }: Pick<TaskLaunch, 'outputs'>): TaskOutputs {
  return {
    parameters: Object.fromEntries(Object.entries(outputs.parameters).map(([name, type]) => [name, ZERO[type]])),
    artifacts: Object.fromEntries(
      Object.entries(outputs.artifacts).map(([name, { uri, metadata }]) => [name, [{ uri, metadata }]]),
    ),
  };
}
