/**
 * From a launch to the request a fork-server is sent: staging, folders, platform emulation, Python environments.
 *
 * Doesn't own the attempt's fate: what is found out is returned (I4 of executor.ts: a user's mistake is a value).
 */
import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { Clock } from '../../base/clock.ts';
import { spillArguments, type SpilledArguments } from '../../launcher/spill-arguments.ts';
import { stageStep } from '../../launcher/stage-step.ts';
import type { StagedStep } from '../../launcher/stage-step.ts';
import { modelImagesOf, type ModelImage } from '../../launcher/model-images.ts';
import { downloadInputs, mountPointOf, unreachableInputs } from '../../launcher/remote-artifacts.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import type { Attempt } from './attempt.ts';
import { hasAny, mountsFolder } from './attempt.ts';
import type { PythonStepRequest, StepRequest } from './fork-server.ts';
import { openSecretStore } from '../local-secrets.ts';
import { thrownError } from '../step-errors.ts';
import { emulatePlatform, ignored, needsEmulation, WORKSPACE_PATH } from './platform-emulation.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import { assignedGpuEnv, NO_GPUS } from './gpu-env.ts';
import { findPythonRun } from './python-run.ts';
import { withRemoteMounts } from './remote-mounts.ts';
import { withNodeOf } from './image-node.ts';
import { withShellOf } from './image-shell.ts';
import { callsPip } from './python/scratch-environment.ts';
import type { PythonRun } from './python-run.ts';
import { PythonEnvironments } from './python/environments.ts';
import type { PythonEnvironment } from './python/environments.ts';

export type Prepared =
  | { readonly kind: 'program'; readonly request: StepRequest }
  /** To be run inside a warm interpreter of the environment. */
  | { readonly kind: 'component'; readonly request: PythonStepRequest; readonly environment: PythonEnvironment }
  | { readonly kind: 'failed'; readonly error: TaskError }
  /** Somebody has claimed it: nothing of what it writes may be touched. */
  | { readonly kind: 'claimed' };

export interface PreparationOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly artifacts: ArtifactStore;
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Whether folders can be shown to a step at other paths. */
  readonly canMount: () => Promise<boolean>;
  /** The machine has GPUs: steps that asked for none are to see none. */
  readonly hidesGpus: () => boolean;
  readonly note: (launch: TaskLaunch, message: string, severity: 'info' | 'warning') => void;
}

const MAX_NOTED = 10_000;

export class StepPreparation {
  readonly #options: PreparationOptions;
  readonly #environments: PythonEnvironments;
  /** Notes given once per run: `<run id> <note>`. */
  readonly #noted = new Set<string>();

  constructor(options: PreparationOptions) {
    const { dataDir, clock, baseEnv } = options;
    this.#options = options;
    this.#environments = new PythonEnvironments({ dataDir, clock, env: baseEnv });
  }

  /** At once for a step that needs nothing on disk: that is the hot path. Throws for templates that cannot be resolved. */
  prepare(attempt: Attempt): Prepared | Promise<Prepared> {
    const [model] = modelImagesOf(attempt.launch);
    if (model) return { kind: 'failed', error: modelImageError(model) };
    if (needsEmulation(attempt.launch) || attempt.mountPoints.length > 0) return this.#emulate(attempt);
    this.#noteUnreachable(attempt.launch);
    const staged = this.stage(attempt);
    const python = findPythonRun(staged);
    const isPlain =
      !python && attempt.launch.attempt === 0 && !hasAny(attempt.launch.outputs.artifacts) && !staged.usesExecutorOutput;
    if (!isPlain) return this.#prepareOnDisk(attempt, staged, python);
    makeFolders(staged);
    return this.#program(attempt, [...staged.command, ...staged.args]);
  }

  /** Once per attempt. An adopted step was staged by an earlier engine; staging again gives the same. */
  stage(attempt: Attempt, shown: { readonly workspacePath?: string; readonly isRemoteMounted?: boolean } = {}): StagedStep {
    const { launch, paths } = attempt;
    const { artifacts, baseEnv } = this.#options;
    return (attempt.staged ??= stageStep(launch, { paths, artifacts, baseEnv, ...shown }));
  }

  async #emulate(attempt: Attempt): Promise<Prepared> {
    const { launch, mountPoints, paths } = attempt;
    const { dataDir } = this.#options;
    const host = { dataDir, secrets: openSecretStore(dataDir), folder: mountsFolder(attempt), canMount: this.#options.canMount };
    const emulated = await emulatePlatform(launch, host);
    if (emulated.kind === 'failed') return emulated;
    this.#noteIgnored(launch);
    this.#noteUnreachable(launch);
    const workspace = launch.platform.workspace ? workspaceFolder(dataDir, launch.runId) : undefined;
    if (workspace !== undefined) await mkdir(workspace, { recursive: true });
    if (emulated.mounts) attempt.mounts = emulated.mounts;
    const replaced = emulated.mounts ? undefined : workspace;
    const isRemoteMounted = mountPoints.length > 0 && (await this.#options.canMount());
    if (isRemoteMounted)
      attempt.mounts = await withRemoteMounts(emulated.mounts, { folder: host.folder, remote: paths.remote, mountPoints });
    const shown = replaced === undefined ? { isRemoteMounted } : { isRemoteMounted, workspacePath: replaced };
    const staged = withEnvironment(this.stage(attempt, shown), emulated.env);
    attempt.staged = replaced === undefined ? staged : withWorkspaceAt(staged, replaced);
    return this.#prepareOnDisk(attempt, attempt.staged, findPythonRun(attempt.staged));
  }

  #noteIgnored(launch: TaskLaunch): void {
    const settings = ignored(launch);
    if (settings.length === 0) return;
    this.#noteOnce(launch, `${settings.join(', ')}: ignored, steps run as processes of this machine`);
  }

  #noteUnreachable(launch: TaskLaunch): void {
    if (!hasAny(launch.inputs.artifacts)) return;
    for (const uri of unreachableInputs(launch, this.#options.artifacts))
      this.#noteOnce(
        launch,
        `${uri} is not brought here: no credentials are configured for it (see the guide on artifact storage)`,
      );
  }

  #noteOnce(launch: TaskLaunch, message: string): void {
    const key = `${launch.runId} ${message}`;
    if (this.#noted.has(key)) return;
    if (this.#noted.size >= MAX_NOTED) this.#noted.clear();
    this.#noted.add(key);
    this.#options.note(launch, message, 'warning');
  }

  async #prepareOnDisk(attempt: Attempt, staged: StagedStep, python: PythonRun | undefined): Promise<Prepared> {
    if (existsSync(attempt.paths.log)) return { kind: 'claimed' };
    const remote = remoteOutput(attempt.launch, this.#options.artifacts);
    if (remote !== undefined) return { kind: 'failed', error: remoteError(remote) };
    const { launch, paths } = attempt;
    if (attempt.mountPoints.length > 0) {
      attempt.isDownloading = true;
      const error = await downloadInputs(launch, { artifacts: this.#options.artifacts, remote: paths.remote });
      attempt.isDownloading = false;
      if (error) return { kind: 'failed', error };
    }
    await clearTaskRoot(attempt);
    makeFolders(staged);
    if (!python) return this.#program(attempt, [...staged.command, ...staged.args]);
    let environment: PythonEnvironment;
    try {
      environment = await this.#environments.ensure(python.step, (message, severity) =>
        this.#options.note(attempt.launch, message, severity),
      );
    } catch (error) {
      return { kind: 'failed', error: thrownError(error) };
    }
    if (python.kind === 'program') return this.#program(attempt, python.argv, environment.env);
    return { kind: 'component', environment, request: { request: python.request, ...this.#request(attempt, environment.env) } };
  }

  #program(attempt: Attempt, words: readonly string[], env: Readonly<Record<string, string>> = {}): Prepared | Promise<Prepared> {
    const { image } = attempt.launch;
    const argv = withNodeOf(image, withShellOf(image, words, this.#options.baseEnv['PATH']!));
    if (argv.length === 0) return { kind: 'failed', error: noCommand(attempt.launch) };
    const spilled = spillArguments(argv, attempt.paths.aside);
    const installs = callsPip(argv);
    if (spilled.argv === argv && !installs) return { kind: 'program', request: { argv, ...this.#request(attempt, env) } };
    return this.#withAside(attempt, spilled, { installs }).then((more) => ({
      kind: 'program',
      request: { argv: spilled.argv, ...this.#request(attempt, { ...more, ...env }) },
    }));
  }

  #request(attempt: Attempt, env: Readonly<Record<string, string>>): Omit<StepRequest, 'argv'> {
    const hidden = this.#options.hidesGpus() ? NO_GPUS : {};
    return requestOf(attempt, { ...hidden, ...env });
  }

  /** Makes the files beside the step; the variables returned keep what its own pip installs there too. */
  async #withAside(
    attempt: Attempt,
    spilled: SpilledArguments,
    { installs }: { readonly installs: boolean },
  ): Promise<Readonly<Record<string, string>>> {
    const { aside } = attempt.paths;
    attempt.hasAside = true;
    await mkdir(aside, { recursive: true });
    for (const [file, content] of Object.entries(spilled.files)) await writeFile(file, content);
    return !installs ? {} : this.#environments.scratch(join(aside, 'venv'));
  }
}

function requestOf({ launch, paths, staged, mounts }: Attempt, env: Readonly<Record<string, string>>): Omit<StepRequest, 'argv'> {
  return {
    env: { TMPDIR: paths.work, ...env, ...staged!.env, ...assignedGpuEnv(launch) },
    log: paths.log,
    cwd: paths.work,
    ...(mounts === undefined ? {} : { mounts }),
    ...(launch.timeoutMs === undefined ? {} : { timeoutMs: launch.timeoutMs }),
  };
}

/** What a failed attempt wrote must not pass for the work of this one. */
async function clearTaskRoot({ launch, paths }: Attempt): Promise<void> {
  const isOwn = paths.taskRoot.endsWith(`/${launch.taskUuid}`);
  if (launch.attempt > 0 && isOwn) await rm(paths.taskRoot, { recursive: true, force: true });
}

/** Looking first costs a fraction of asking for what is there: the folder of a run's parameters is made once. */
function makeFolders({ folders }: StagedStep): void {
  for (const folder of folders) if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
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

/** An output the step would have to write to a path such as /s3/…, and that could not be taken anywhere from there. */
function remoteOutput({ outputs, taskRoot }: TaskLaunch, artifacts: ArtifactStore): string | undefined {
  const uris = [taskRoot, ...Object.values(outputs.artifacts).map(({ uri }) => uri)];
  return uris.find((uri) => artifacts.localPath(uri) === undefined && mountPointOf(uri, artifacts) === undefined);
}

function remoteError(uri: string): TaskError {
  return {
    code: 1,
    cause: 'input',
    message: `outputs cannot be written to ${uri}: it is neither a folder of this machine nor in an object store that is configured`,
    hint: 'use a local path as pipeline root, or configure the object store (see the guide on artifact storage)',
  };
}

function modelImageError({ uri }: ModelImage): TaskError {
  return {
    code: 1,
    cause: 'input',
    message: `the step reads the model image ${uri}, and the process executor cannot open images`,
    hint: 'run the pipeline with --executor docker, or with --executor auto where Docker can be reached',
  };
}

function noCommand({ image }: TaskLaunch): TaskError {
  return {
    code: 1,
    cause: 'input',
    message: `the step has no command and relies on the entry point of the image "${image}", which the process executor does not have`,
    hint: 'give the component a command, or run the pipeline with --executor docker',
  };
}
