/**
 * The Python environments of steps: content-addressed, built once, shared by all tasks, runs and server processes of a data folder.
 *
 * Owns `<dataDir>/python/`: a folder, a log and (while building) a lock for each key.
 * I1. A key is built by one process at a time; who comes meanwhile waits for the result.
 * I2. A folder counts as built only with its marker, which is written last: a crash leaves nothing that is used.
 * I3. A failure is remembered for a minute, an unreachable index for ten times what finding it out took if that is longer.
 * I4. A failing installation of kfp never fails a step: the bundled runtime takes over, and a note says so.
 */
import { existsSync } from 'node:fs';
import { mkdir, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../base/clock.ts';
import { systemClock } from '../../../base/clock.ts';
import { buildEnvironment, readBuilt, type BuildFailure, type BuildResult } from './build-environment.ts';
import {
  canRunLocally,
  environmentKey,
  HOST_PLAN,
  planEnvironment,
  userRequirements,
  withoutKfp,
  type EnvironmentPlan,
  type EnvironmentRequest,
} from './environment-plan.ts';
import { packageError, unreachableError } from './environment-errors.ts';
import { withFileLock } from './file-lock.ts';
import { missingOnHost } from './host-packages.ts';
import { environmentPython } from './installer.ts';
import { findInterpreter, type Interpreter } from './interpreter.ts';
import { newerFeature } from './newer-features.ts';
import { runProgram, type RunProgram } from './run-program.ts';
import { makeScratchEnvironment } from './scratch-environment.ts';

/** The folder that makes `import kfp` find the bundled runtime when it is on PYTHONPATH. */
export const RUNTIME_FOLDER = fileURLToPath(new URL('./runtime', import.meta.url));

const REMEMBER_FAILURE_MS = 60_000;
/** Networks that swallow packets answer after a timeout only: asking them takes at most this part of the time. */
const REMEMBER_FACTOR = 10;

export interface PythonEnvironment {
  /** Equal keys: the same interpreter with the same packages; a warm interpreter may serve all of their steps. */
  readonly key: string;
  /** The interpreter to start, an absolute path. */
  readonly python: string;
  /** Variables for interpreter and step; `PATH` begins with the environment's programs. */
  readonly env: Readonly<Record<string, string>>;
}

export type Note = (message: string, severity: 'info' | 'warning') => void;

export interface PythonEnvironmentsOptions {
  readonly dataDir: string;
  readonly clock?: Clock;
  /** Default: a child process of this one. */
  readonly run?: RunProgram;
  /** Interpreters to try, best first. Default: python3, then python, of PATH. */
  readonly pythons?: readonly string[];
  /** Variables for probes and installers, and the PATH environments begin with. Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const MARK_USED_MS = 3_600_000;

export class PythonEnvironments {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #run: RunProgram;
  readonly #pythons: readonly string[];
  readonly #env: Readonly<Record<string, string | undefined>>;
  /** Version of kfp in each environment known to be built. */
  readonly #ready = new Map<string, string | null>();
  /** By folder. */
  readonly #markedMs = new Map<string, number>();
  readonly #building = new Map<string, Promise<BuildResult>>();
  readonly #failures = new Map<string, { readonly untilMs: number; readonly failure: BuildFailure }>();
  readonly #replaced = new Set<string>();
  #interpreter: Promise<Interpreter> | undefined;
  #unreachableUntilMs = 0;

  constructor(options: PythonEnvironmentsOptions) {
    this.#root = resolve(options.dataDir, 'python');
    this.#clock = options.clock ?? systemClock;
    this.#run = options.run ?? runProgram;
    this.#pythons = options.pythons ?? ['python3', 'python'];
    this.#env = options.env ?? process.env;
  }

  /** The host's interpreter; throws UNAVAILABLE when there is none. Asked once. */
  interpreter(): Promise<Interpreter> {
    this.#interpreter ??= findInterpreter(this.#pythons, this.#run, this.#env).catch((error: unknown) => {
      this.#interpreter = undefined;
      throw error;
    });
    return this.#interpreter;
  }

  /**
   * The environment of a step, built if it is not there. Throws ProductError INVALID_PIPELINE when a package cannot be installed,
   * UNAVAILABLE when no package index answers and the host lacks a package as well.
   */
  async ensure(step: EnvironmentRequest, note: Note): Promise<PythonEnvironment> {
    const interpreter = await this.interpreter();
    const plan = planEnvironment(step, interpreter);
    if (plan.kind === 'host') return this.#hostEnvironment(plan, interpreter);
    this.#tellReplaced(step, plan, note);
    const result = await this.#ensurePlan(plan, interpreter, note);
    if ('key' in result) return this.#environment(result, step);
    const other = result.purpose === 'kfp' ? await this.#ensureWithoutKfp(plan, interpreter, result, note) : result;
    if ('key' in other) return this.#environment(other, step);
    await this.#checkHostPackages(withoutKfp(plan), interpreter, other, note);
    return this.#hostEnvironment(HOST_PLAN, interpreter);
  }

  /** Variables for a command that calls pip itself (`callsPip`): what it installs stays in `folder`. None when that cannot be made. */
  async scratch(folder: string): Promise<Readonly<Record<string, string>>> {
    const interpreter = await this.interpreter();
    return (await makeScratchEnvironment(folder, interpreter, this.#run, this.#env)) ?? {};
  }

  /** Says once for each version that the plan leaves out the kfp a component asks for, and why. */
  #tellReplaced({ module, source, pip: { kfpRequirement } }: EnvironmentRequest, plan: EnvironmentPlan, note: Note): void {
    if (module === undefined || kfpRequirement === undefined || this.#replaced.has(kfpRequirement)) return;
    if (plan.installs.some(({ purpose }) => purpose === 'kfp')) return;
    this.#replaced.add(kfpRequirement);
    const newer = newerFeature(source ?? '', kfpRequirement.replace(/^kfp==/, ''));
    const why = newer
      ? `${kfpRequirement} has no ${newer.name} (kfp ${newer.since} has)`
      : `${kfpRequirement} cannot work with local files`;
    note(`${why}; its steps run with the kfp runtime bundled with pipewright`, 'info');
  }

  /** An environment whose folder has not changed for a long time is removed (app/retention.ts): its use changes the folder's time. */
  #markUsed(folder: string): void {
    const nowMs = this.#clock.now();
    if (nowMs - (this.#markedMs.get(folder) ?? 0) < MARK_USED_MS) return;
    this.#markedMs.set(folder, nowMs);
    // One that is still to be built has no time to change.
    utimes(folder, nowMs / 1000, nowMs / 1000).catch(() => {});
  }

  async #ensurePlan(plan: EnvironmentPlan, interpreter: Interpreter, note: Note): Promise<Ready | BuildFailure> {
    const key = environmentKey(plan, interpreter);
    const folder = join(this.#root, key);
    const kfp = this.#ready.get(key);
    this.#markUsed(folder);
    if (kfp !== undefined && existsSync(environmentPython(folder))) return { key, kfp };
    const found = await readBuilt(folder);
    if (found) return this.#remember(key, found.kfp);
    const known = this.#knownFailure(key, plan);
    if (known) return known;
    const result = await this.#build(key, plan, interpreter, note);
    return result.kind === 'built' ? this.#remember(key, result.kfp) : result;
  }

  #build(key: string, plan: EnvironmentPlan, interpreter: Interpreter, note: Note): Promise<BuildResult> {
    if (plan.installs.length > 0) note(`building the Python environment for ${describe(plan)} (first use)…`, 'info');
    let building = this.#building.get(key);
    if (!building) {
      building = this.#buildLocked(key, plan, interpreter).finally(() => this.#building.delete(key));
      this.#building.set(key, building);
    }
    return building;
  }

  async #buildLocked(key: string, plan: EnvironmentPlan, interpreter: Interpreter): Promise<BuildResult> {
    await mkdir(this.#root, { recursive: true });
    const folder = join(this.#root, key);
    const startedMs = this.#clock.now();
    const result = await withFileLock(`${folder}.lock`, this.#clock, async (): Promise<BuildResult> => {
      const found = await readBuilt(folder);
      if (found) return { kind: 'built', ...found };
      return buildEnvironment(plan, folder, { run: this.#run, interpreter, env: this.#env, logFile: `${folder}.log` });
    });
    if (result.kind === 'failed') this.#rememberFailure(key, result, this.#clock.now() - startedMs);
    return result;
  }

  #rememberFailure(key: string, failure: BuildFailure, tookMs: number): void {
    const now = this.#clock.now();
    this.#failures.set(key, { untilMs: now + REMEMBER_FAILURE_MS, failure });
    if (failure.unreachable) this.#unreachableUntilMs = now + Math.max(REMEMBER_FAILURE_MS, REMEMBER_FACTOR * tookMs);
  }

  #knownFailure(key: string, plan: EnvironmentPlan): BuildFailure | undefined {
    const now = this.#clock.now();
    const own = this.#failures.get(key);
    if (own && own.untilMs > now) return own.failure;
    this.#failures.delete(key);
    if (plan.installs.length === 0 || this.#unreachableUntilMs <= now) return undefined;
    return { purpose: plan.installs[0]!.purpose, unreachable: true, reason: 'no package index answered a moment ago', tail: '' };
  }

  #remember(key: string, kfp: string | null): Ready {
    this.#ready.set(key, kfp);
    return { key, kfp };
  }

  #environment({ key, kfp }: Ready, { module }: EnvironmentRequest): PythonEnvironment {
    const folder = join(this.#root, key);
    const path = `${join(folder, 'bin')}:${this.#env['PATH'] ?? '/usr/bin:/bin'}`;
    const variables = module === undefined ? { PYTHONPATH: '' } : runtimeVariables(kfp);
    return { key, python: environmentPython(folder), env: { ...variables, VIRTUAL_ENV: folder, PATH: path } };
  }

  #hostEnvironment(plan: EnvironmentPlan, interpreter: Interpreter): PythonEnvironment {
    return { key: environmentKey(plan, interpreter), python: interpreter.path, env: runtimeVariables(interpreter.kfp ?? null) };
  }

  async #ensureWithoutKfp(
    plan: EnvironmentPlan,
    interpreter: Interpreter,
    failure: BuildFailure,
    note: Note,
  ): Promise<Ready | BuildFailure> {
    const kfp = plan.installs.find((install) => install.purpose === 'kfp')?.requirements[0];
    const why = failure.unreachable ? 'no package index can be reached' : failure.reason;
    const severity = failure.unreachable ? 'info' : 'warning';
    note(`${kfp} could not be installed (${why}); the step runs with the kfp runtime bundled with pipewright`, severity);
    return this.#ensurePlan(withoutKfp(plan), interpreter, note);
  }

  /** Without an index, what the host has installed serves; everything else is an error that names the package. */
  async #checkHostPackages(plan: EnvironmentPlan, interpreter: Interpreter, failure: BuildFailure, note: Note): Promise<void> {
    const requirements = userRequirements(plan);
    if (failure.purpose !== 'create' && !failure.unreachable) throw packageError(requirements, failure, this.#root);
    if (requirements.length === 0) return;
    const missing = await missingOnHost(requirements, interpreter, this.#run, this.#env);
    if (missing.length > 0) throw unreachableError(missing, failure, interpreter);
    note(
      `${requirements.join(', ')} cannot be installed (${failure.reason}); what ${interpreter.path} has of it is used`,
      'warning',
    );
  }
}

/** An environment that is there: its key and the version of kfp in it. */
interface Ready {
  readonly key: string;
  readonly kfp: string | null;
}

/** The bundled runtime hides an installed kfp that is too old. An empty PYTHONPATH keeps the host's own out of the step. */
function runtimeVariables(kfp: string | null): Record<string, string> {
  return { _KFP_RUNTIME: 'true', PYTHONPATH: kfp !== null && canRunLocally(kfp) ? '' : RUNTIME_FOLDER };
}

function describe(plan: EnvironmentPlan): string {
  const user = userRequirements(plan);
  return user.length > 0 ? user.join(', ') : (plan.installs[0]?.requirements[0] ?? 'Python');
}
