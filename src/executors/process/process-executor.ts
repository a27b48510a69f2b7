/**
 * Runs steps as processes of this machine, started and watched by fork-servers (server-pool.ts).
 *
 * Owns the attempts of this engine from launch to their end, and the adoption of those an earlier engine started.
 * Doesn't own processes (fork-servers do), Python environments, or the decision what runs when.
 * I1. An attempt is in #attempts from launch until it is observed finished; it is observed once (executor.ts I2).
 * I2. A step is started by the claim of its log file (forkserver.py I1); whoever finds it taken looks for the owner in the journals.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { Clock } from '../../base/clock.ts';
import { collectOutputs, NO_OUTPUTS } from '../../launcher/collect-outputs.ts';
import { readLogTail } from '../../launcher/log-file.ts';
import { spillArguments } from '../../launcher/spill-arguments.ts';
import { stageStep } from '../../launcher/stage-step.ts';
import type { StagedStep } from '../../launcher/stage-step.ts';
import { stepPaths } from '../../launcher/step-paths.ts';
import type { StepPaths } from '../../launcher/step-paths.ts';
import type { JsonObject } from '../../base/json.ts';
import type { AttemptOutcome, ResourceUse, TaskError } from '../../model/outcome.ts';
import type { Executor, ExecutorCapabilities, Observation, TaskLaunch } from '../executor.ts';
import { baseEnv } from './base-env.ts';
import { canMount } from './can-mount.ts';
import { exitError, lostError, refusedError, TAIL_BYTES } from './exit-outcome.ts';
import type { ForkServer } from './fork-server.ts';
import { hostCapacity } from './host-capacity.ts';
import type { ExitRecord, JournalRecord, RefusedRecord } from './journal-records.ts';
import { Journals } from './journals.ts';
import { openSecretStore } from './local-secrets.ts';
import type { SecretStore } from './local-secrets.ts';
import { emulatePlatform, ignored, needsEmulation, workspaceFolder, WORKSPACE_PATH } from './platform-emulation.ts';
import { findPythonRun } from './python-run.ts';
import type { PythonRun } from './python-run.ts';
import { PythonEnvironments } from './python/environments.ts';
import { chooseForkServer, ServerPool } from './server-pool.ts';
import { isVolumeOperation, runVolumeOperation } from './volume-operation.ts';
import { WarmServers } from './warm-servers.ts';

export interface ProcessExecutorOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly artifacts: ArtifactStore;
  /** Steps running at once. Default: four for every core, since most steps wait for something most of the time. */
  readonly slots?: number;
  /** Fork-servers. Default: two, or one for every four cores if that is more. */
  readonly servers?: number;
  /** Between SIGTERM and SIGKILL. Default: 5,000. */
  readonly killGraceMs?: number;
  /** The server's environment; steps get the part that base-env.ts names. Default: process.env. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export const PROCESS_CAPABILITIES: ExecutorCapabilities = { images: false, strictResources: false, survivesRestart: true };

const DEFAULT_KILL_GRACE_MS = 5000;
/** How often the journals of an earlier engine's servers are read while one of them lives. */
const JOURNAL_POLL_MS = 100;
const MAX_NOTED = 10_000;
const MAX_REMEMBERED = 10_000;
/** A claimed attempt whose owner has not written its start after this time will not have one. */
const CLAIM_WAIT_MS = 2000;

interface Attempt {
  readonly launch: TaskLaunch;
  readonly paths: StepPaths;
  staged?: StagedStep;
  /** For mount_step.py. */
  mounts?: JsonObject;
  /** The server of ours that was asked to run it. */
  server?: ForkServer;
  /** Another server has it: until when its start may still be missing in the journals. */
  foreignUntilMs?: number;
  /** Its end was asked of one of our servers because its own is not ours. */
  ending?: boolean;
  /** Arguments were handed over through files. */
  spilled?: boolean;
  cancelled?: boolean;
}

export function openProcessExecutor(options: ProcessExecutorOptions): Executor {
  return new ProcessExecutor(options);
}

class ProcessExecutor implements Executor {
  readonly name = 'process';
  readonly capabilities = PROCESS_CAPABILITIES;
  readonly #options: ProcessExecutorOptions;
  readonly #baseEnv: Readonly<Record<string, string>>;
  readonly #attempts = new Map<string, Attempt>();
  readonly #folder: string;
  readonly #journals: Journals;
  readonly #environments: PythonEnvironments;
  readonly #secrets: SecretStore;
  readonly #canMount: () => Promise<boolean>;
  /** The latest ends: launching one of these again is ignored (I1). Oldest first. */
  readonly #finished = new Set<string>();
  /** Notes given once per run: `<run id> <note>`. */
  readonly #noted = new Set<string>();
  #observe: (observation: Observation) => void = () => {};
  #pool!: ServerPool;
  #warm!: WarmServers;
  #stopPolling: (() => void) | undefined;
  #stopped = false;
  /** A call of the engine's is on the stack: what is known at once is observed after it has returned. */
  #inCall = false;
  #whenIdle: (() => void) | undefined;

  constructor(options: ProcessExecutorOptions) {
    this.#options = options;
    this.#baseEnv = baseEnv(options.environment ?? process.env);
    this.#folder = join(options.dataDir, 'process');
    this.#journals = new Journals(this.#folder);
    const { dataDir, clock } = options;
    this.#environments = new PythonEnvironments({ dataDir, clock, env: this.#baseEnv });
    this.#secrets = openSecretStore(dataDir);
    this.#canMount = canMount(this.#baseEnv['PATH']!);
  }

  capacity() {
    return hostCapacity(this.#options.slots);
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    this.#observe = observe;
    mkdirSync(join(this.#options.dataDir, 'work'), { recursive: true, mode: 0o700 });
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const environment = this.#options.environment ?? process.env;
    this.#pool = new ServerPool({
      folder: this.#folder,
      size: this.#options.servers ?? Math.max(2, Math.ceil(hostCapacity().cpuMillis / 4000)),
      kind: chooseForkServer(this.#baseEnv['PATH']!, environment['PIPEWRIGHT_FORKSERVER']),
      baseEnv: this.#baseEnv,
      killGraceMs: this.#options.killGraceMs ?? DEFAULT_KILL_GRACE_MS,
      journalPrefix: `${this.#options.clock.now()}-${process.pid}`,
      onRecord: (record) => this.#onRecord(record),
      onLost: (journal) => this.#onLost(journal),
    });
    this.#warm = new WarmServers(this.#pool, this.#baseEnv, this.#options.clock);
  }

  launch(launch: TaskLaunch): void {
    if (this.#attempts.has(launch.attemptId) || this.#finished.has(launch.attemptId)) return;
    const attempt: Attempt = { launch, paths: stepPaths(launch, this.#options) };
    this.#attempts.set(launch.attemptId, attempt);
    this.#inCall = true;
    this.#guard(attempt, () => this.#prepare(attempt));
    this.#inCall = false;
  }

  reattach(launch: TaskLaunch): void {
    if (this.#attempts.has(launch.attemptId) || this.#finished.has(launch.attemptId)) return;
    const attempt: Attempt = { launch, paths: stepPaths(launch, this.#options) };
    this.#attempts.set(launch.attemptId, attempt);
    this.#inCall = true;
    this.#guard(attempt, () => (existsSync(attempt.paths.log) ? this.#adopt(attempt) : this.#prepare(attempt, true)));
    this.#inCall = false;
  }

  cancel(attemptId: string): void {
    const attempt = this.#attempts.get(attemptId);
    if (!attempt || attempt.cancelled) return;
    attempt.cancelled = true;
    if (attempt.server) attempt.server.kill(attemptId);
    else if (attempt.foreignUntilMs !== undefined) this.#lookAgain(attempt);
  }

  async stop(options: { readonly cancelRunning?: boolean } = {}): Promise<void> {
    if (options.cancelRunning) {
      const idle = this.#attempts.size === 0 ? undefined : new Promise<void>((resolve) => (this.#whenIdle = resolve));
      for (const attemptId of this.#attempts.keys()) this.cancel(attemptId);
      await idle;
    }
    this.#stopped = true;
    this.#stopPolling?.();
    this.#warm.stop();
    this.#pool.close();
  }

  // -- preparing and starting

  #prepare(attempt: Attempt, again = false): void {
    const { launch } = attempt;
    if (isVolumeOperation(launch)) return this.#background(attempt, () => this.#operateVolume(attempt, again));
    if (needsEmulation(launch)) return this.#background(attempt, () => this.#emulate(attempt));
    const staged = this.#stage(attempt);
    const python = findPythonRun(staged);
    if (staged.folders.length === 0 && !python) return this.#run(attempt, [...staged.command, ...staged.args]);
    this.#background(attempt, () => this.#enter(attempt, staged, python));
  }

  /** An adopted step was staged by an earlier engine; staging again gives the same. */
  #stage(attempt: Attempt, workspacePath?: string): StagedStep {
    const { launch, paths } = attempt;
    const host = { paths, artifacts: this.#options.artifacts, baseEnv: this.#baseEnv };
    return (attempt.staged ??= stageStep(launch, workspacePath === undefined ? host : { ...host, workspacePath }));
  }

  async #enter(attempt: Attempt, staged: StagedStep, python: PythonRun | undefined): Promise<void> {
    // Somebody has claimed it: nothing of what it writes may be touched.
    if (existsSync(attempt.paths.log)) return this.#adopt(attempt);
    await this.#makeFolders(attempt, staged);
    if (python) await this.#runPython(attempt, python);
    else this.#run(attempt, [...staged.command, ...staged.args]);
  }

  async #emulate(attempt: Attempt): Promise<void> {
    const { launch } = attempt;
    const { dataDir } = this.#options;
    const emulated = await emulatePlatform(launch, {
      dataDir,
      secrets: this.#secrets,
      folder: privateFolder(attempt),
      canMount: this.#canMount,
    });
    if (emulated.kind === 'failed') return this.#fail(attempt, emulated.error);
    const left = ignored(launch.platform);
    if (left.length > 0) this.#noteOnce(launch, `${left.join(', ')}: ignored, steps run as processes of this machine`);
    let workspacePath: string | undefined;
    if (launch.platform.workspace) {
      const folder = workspaceFolder(dataDir, launch.runId);
      await mkdir(folder, { recursive: true });
      if (!emulated.mounts) workspacePath = folder;
    }
    let staged = withEnvironment(this.#stage(attempt, workspacePath), emulated.env);
    if (workspacePath !== undefined) staged = withWorkspaceAt(staged, workspacePath);
    attempt.staged = staged;
    if (emulated.mounts) attempt.mounts = emulated.mounts;
    await this.#enter(attempt, staged, findPythonRun(staged));
  }

  async #operateVolume(attempt: Attempt, again: boolean): Promise<void> {
    const startedMs = this.#options.clock.now();
    const outcome = await runVolumeOperation(attempt.launch, { dataDir: this.#options.dataDir, again });
    this.#finish(attempt, outcome, { startedMs, endedMs: this.#options.clock.now() });
  }

  #noteOnce({ runId, attemptId }: TaskLaunch, message: string): void {
    const key = `${runId} ${message}`;
    if (this.#noted.has(key)) return;
    if (this.#noted.size >= MAX_NOTED) this.#noted.clear();
    this.#noted.add(key);
    this.#observe({ kind: 'note', attemptId, message, severity: 'warning' });
  }

  async #makeFolders({ launch, paths }: Attempt, staged: StagedStep): Promise<void> {
    // What a failed attempt wrote must not pass for the work of this one.
    const isOwn = paths.taskRoot.endsWith(`/${launch.taskUuid}`);
    if (launch.attempt > 0 && isOwn) await rm(paths.taskRoot, { recursive: true, force: true });
    await Promise.all(staged.folders.map((folder) => mkdir(folder, { recursive: true })));
  }

  #run(attempt: Attempt, argv: readonly string[], env: Readonly<Record<string, string>> = {}): void {
    if (argv.length === 0) return this.#fail(attempt, noCommand(attempt.launch));
    const spilled = spillArguments(argv, attempt.paths.parameters);
    if (spilled.argv === argv) return this.#send(attempt, argv, env);
    this.#background(attempt, async () => {
      await mkdir(attempt.paths.parameters, { recursive: true });
      for (const [file, content] of Object.entries(spilled.files)) await writeFile(file, content);
      attempt.spilled = true;
      this.#send(attempt, spilled.argv, env);
    });
  }

  #send(attempt: Attempt, argv: readonly string[], env: Readonly<Record<string, string>>): void {
    if (attempt.cancelled) return this.#finish(attempt, { kind: 'canceled' });
    const server = this.#pool.next();
    if (!server) return this.#fail(attempt, noServer());
    attempt.server = server;
    server.run(attempt.launch.attemptId, { argv, ...this.#request(attempt, env) });
  }

  async #runPython(attempt: Attempt, run: PythonRun): Promise<void> {
    const { attemptId } = attempt.launch;
    const note = (message: string, severity: 'info' | 'warning') => this.#observe({ kind: 'note', attemptId, message, severity });
    let environment;
    try {
      environment = await this.#environments.ensure(run.step, note);
    } catch (error) {
      return this.#fail(attempt, { code: 1, cause: 'input', ...described(error) });
    }
    if (attempt.cancelled) return this.#finish(attempt, { kind: 'canceled' });
    if (run.kind === 'program') return this.#run(attempt, run.argv, environment.env);
    const server = this.#warm.of(environment);
    attempt.server = server;
    server.runPython(attemptId, { request: run.request, ...this.#request(attempt, environment.env) });
  }

  #request({ launch, paths, staged, mounts }: Attempt, env: Readonly<Record<string, string>>) {
    return {
      env: { TMPDIR: paths.work, ...env, ...staged!.env },
      log: paths.log,
      cwd: paths.work,
      ...(mounts === undefined ? {} : { mounts }),
      ...(launch.timeoutMs === undefined ? {} : { timeoutMs: launch.timeoutMs }),
    };
  }

  // -- what fork-servers say

  #onRecord(record: JournalRecord): void {
    if (record.kind === 'server' || record.kind === 'started') return;
    const attempt = this.#attempts.get(record.attemptId);
    if (!attempt) return;
    switch (record.kind) {
      case 'exited':
      case 'refused':
        return this.#ended(attempt, record);
      case 'claimed':
        return this.#guard(attempt, () => this.#adopt(attempt));
      case 'gone':
        return this.#gone(attempt);
    }
  }

  #ended(attempt: Attempt, record: ExitRecord | RefusedRecord): void {
    if (record.kind === 'refused') {
      const { command, args } = this.#stage(attempt);
      return this.#fail(attempt, refusedError(record, attempt.launch, [...command, ...args]), record.atMs);
    }
    const use: ResourceUse = { cpuMs: record.cpuMs, peakMemoryBytes: record.peakBytes };
    const end = (outcome: AttemptOutcome) => this.#finish(attempt, outcome, record, record.leftFiles);
    if (record.reason === 'kill' || (attempt.cancelled && attempt.ending)) return end({ kind: 'canceled' });
    if (record.reason === '' && record.exitCode === 0 && record.signal === 0) {
      if (!hasOutputs(attempt.launch)) return end({ kind: 'succeeded', outputs: NO_OUTPUTS, use });
      return this.#background(attempt, async () => {
        const collected = await this.#collect(attempt);
        end(collected.kind === 'outputs' ? { kind: 'succeeded', outputs: collected.outputs, use } : { ...collected, use });
      });
    }
    this.#background(attempt, async () => {
      const tail = await readLogTail(attempt.paths.log, TAIL_BYTES);
      end({ kind: 'failed', error: exitError(record, tail, attempt.launch), use });
    });
  }

  #collect(attempt: Attempt) {
    const { launch, paths } = attempt;
    const { artifacts } = this.#options;
    const { usesExecutorOutput } = this.#stage(attempt);
    return collectOutputs(launch, { paths, artifacts, usesExecutorOutput });
  }

  // -- steps that other fork-servers started

  #onLost(journal: string): void {
    this.#journals.add(journal);
    for (const attempt of this.#attempts.values()) {
      if (attempt.server?.journal !== journal || !attempt.server.ended) continue;
      delete attempt.server;
      this.#guard(attempt, () => (existsSync(attempt.paths.log) ? this.#adopt(attempt) : this.#prepare(attempt)));
    }
  }

  #adopt(attempt: Attempt): void {
    delete attempt.server;
    this.#journals.load(this.#pool.journals);
    attempt.foreignUntilMs = this.#options.clock.now() + CLAIM_WAIT_MS;
    this.#lookAgain(attempt);
  }

  #lookAgain(attempt: Attempt): void {
    const { attemptId } = attempt.launch;
    const known = this.#journals.lookup(attemptId);
    if (known?.kind === 'ended') return this.#ended(attempt, known.record);
    const isLost = known ? !known.watched : this.#options.clock.now() >= attempt.foreignUntilMs!;
    if (!attempt.ending && (isLost || (known && attempt.cancelled))) {
      const server = this.#pool.next();
      if (!server) return this.#fail(attempt, lostError());
      attempt.ending = true;
      server.end(attemptId, { pid: known?.pid ?? 0, startedBoot: known?.startedBoot ?? 0 });
    }
    this.#poll();
  }

  /** Nothing of the step is left. If its own server lives, it has written or will write how it ended. */
  #gone(attempt: Attempt): void {
    this.#journals.refresh();
    const known = this.#journals.lookup(attempt.launch.attemptId);
    if (known?.kind === 'ended') return this.#ended(attempt, known.record);
    if (known?.watched) return this.#poll();
    if (attempt.cancelled) return this.#finish(attempt, { kind: 'canceled' }, undefined, true);
    this.#fail(attempt, lostError());
  }

  #poll(): void {
    if (this.#stopPolling || this.#stopped) return;
    this.#stopPolling = this.#options.clock.at(this.#options.clock.now() + JOURNAL_POLL_MS, () => {
      this.#stopPolling = undefined;
      this.#journals.refresh();
      for (const attempt of this.#attempts.values()) {
        if (attempt.foreignUntilMs !== undefined) this.#guard(attempt, () => this.#lookAgain(attempt));
      }
    });
  }

  // -- ends

  #fail(attempt: Attempt, error: TaskError, atMs?: number): void {
    const now = atMs ?? this.#options.clock.now();
    this.#finish(attempt, { kind: 'failed', error }, { startedMs: now, endedMs: now }, true);
  }

  #finish(
    attempt: Attempt,
    outcome: AttemptOutcome,
    times: { readonly startedMs: number; readonly endedMs: number } = {
      startedMs: this.#options.clock.now(),
      endedMs: this.#options.clock.now(),
    },
    leftFiles = false,
  ): void {
    const { attemptId, outputs } = attempt.launch;
    if (!this.#attempts.delete(attemptId)) return;
    this.#finished.add(attemptId);
    if (this.#finished.size > MAX_REMEMBERED) this.#finished.delete(this.#finished.keys().next().value!);
    if (leftFiles) remove(attempt.paths.work);
    if (needsEmulation(attempt.launch)) remove(privateFolder(attempt));
    if (attempt.spilled || Object.keys(outputs.parameters).length > 0) remove(attempt.paths.parameters);
    const observation: Observation = {
      kind: 'finished',
      attemptId,
      outcome,
      startedAtMs: times.startedMs,
      endedAtMs: times.endedMs,
    };
    if (this.#inCall) queueMicrotask(() => this.#observe(observation));
    else this.#observe(observation);
    if (this.#attempts.size === 0) this.#whenIdle?.();
  }

  #background(attempt: Attempt, work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#fail(attempt, { code: 1, cause: 'system', ...described(error) }));
  }

  #guard(attempt: Attempt, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(attempt, { code: 1, cause: 'input', ...described(error) });
    }
  }
}

function hasOutputs({ outputs }: TaskLaunch): boolean {
  for (const _ in outputs.parameters) return true;
  for (const _ in outputs.artifacts) return true;
  return false;
}

/** For what the step sees mounted: files of secrets, empty folders, the scratch folder of mount_step.py. */
function privateFolder({ paths }: Attempt): string {
  return `${paths.work}.mounts`;
}

/** The variables of secrets and pod facts come last in a pod, and the last one wins. */
function withEnvironment(staged: StagedStep, env: Readonly<Record<string, string>>): StagedStep {
  return { ...staged, env: { ...staged.env, ...env } };
}

/** Where nothing can be mounted, the workspace's path is replaced by the folder that stands for it, as kfp.local does. */
function withWorkspaceAt(staged: StagedStep, folder: string): StagedStep {
  const replace = (text: string) => text.replaceAll(WORKSPACE_PATH, folder);
  const env = Object.fromEntries(Object.entries(staged.env).map(([name, value]) => [name, replace(value)]));
  return { ...staged, command: staged.command.map(replace), args: staged.args.map(replace), env };
}

function remove(folder: string): void {
  rm(folder, { recursive: true, force: true }).catch(() => {});
}

function described(error: unknown): { readonly message: string; readonly hint?: string } {
  const { message, hint } = error as Error & { readonly hint?: string };
  return hint === undefined ? { message } : { message, hint };
}

function noCommand({ image }: TaskLaunch): TaskError {
  return {
    code: 1,
    cause: 'input',
    message: `the step has no command and relies on the entry point of the image "${image}", which the process executor does not have`,
    hint: 'give the component a command, or run the pipeline with --executor docker',
  };
}

function noServer(): TaskError {
  return { code: 1, cause: 'system', message: 'no fork-server can be started; see process/forkserver.log in the data folder' };
}
