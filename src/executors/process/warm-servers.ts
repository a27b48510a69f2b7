import { fileURLToPath } from 'node:url';
import type { Clock } from '../../base/clock.ts';
import type { ForkServer } from './fork-server.ts';
import type { PythonEnvironment } from './python/environments.ts';
import { forkServerScript } from './server-pool.ts';
import type { ServerPool } from './server-pool.ts';

/** A warm interpreter holds 15–30 MB; one that no step has asked for this long, and that runs none, is ended. */
const IDLE_MS = 10 * 60_000;

const PYTHON_STEP = fileURLToPath(new URL('./python/python_step.py', import.meta.url));

/** Fork-servers inside the interpreters of Python environments: a step there costs a fork instead of an interpreter's start. */
export class WarmServers {
  readonly #pool: ServerPool;
  readonly #baseEnv: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  readonly #lastUseMs = new Map<string, number>();
  #stopSweep: (() => void) | undefined;

  constructor(pool: ServerPool, baseEnv: Readonly<Record<string, string>>, clock: Clock) {
    this.#pool = pool;
    this.#baseEnv = baseEnv;
    this.#clock = clock;
  }

  of(environment: PythonEnvironment): ForkServer {
    this.#lastUseMs.set(environment.key, this.#clock.now());
    this.#stopSweep ??= this.#clock.at(this.#clock.now() + IDLE_MS, () => this.#sweep());
    return this.#pool.warm(environment.key, {
      command: [environment.python, forkServerScript()],
      extraArguments: [PYTHON_STEP],
      env: { ...this.#baseEnv, ...environment.env },
    });
  }

  stop(): void {
    this.#stopSweep?.();
  }

  #sweep(): void {
    this.#stopSweep = undefined;
    const now = this.#clock.now();
    for (const [key, usedMs] of this.#lastUseMs) {
      if (now - usedMs >= IDLE_MS && this.#pool.closeWarm(key)) this.#lastUseMs.delete(key);
    }
    if (this.#lastUseMs.size > 0) this.#stopSweep = this.#clock.at(now + IDLE_MS, () => this.#sweep());
  }
}
