/** What a step is started with: pure, from the launch and the paths of the machine it runs on. */
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { TaskLaunch } from '../executors/executor.ts';
import { workspacePathOf } from '../ir/artifact-paths.ts';
import type { StepArtifact } from '../ir/executor-input.ts';
import { renderArguments, resolvePlaceholders } from '../ir/placeholders.ts';
import type { PlaceholderContext } from '../ir/placeholders.ts';
import { expandVariables } from './expand-variables.ts';
import { kfpEnv } from './kfp-env.ts';
import { hostPathOf, mountPointOf } from './remote-artifacts.ts';
import { outputFolders, parameterFile } from './step-paths.ts';
import type { StepPaths } from './step-paths.ts';

export interface StagedStep {
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Without the base environment of the machine. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders to make before the start. */
  readonly folders: readonly string[];
  /** Whether the step can know where its executor output goes, so that there may be one. */
  readonly usesExecutorOutput: boolean;
}

const EXECUTOR_OUTPUT = /\{\{\$(\}\}|\.outputs\.output_file|\.outputMetadataUri)/;

export function stageStep(
  launch: TaskLaunch,
  host: {
    readonly paths: StepPaths;
    readonly artifacts: ArtifactStore;
    /** Variables of the machine that `$(NAME)` in the step's variables may name. */
    readonly baseEnv: Readonly<Record<string, string>>;
    /** Where the run's workspace is for the step. Default: /kfp-workspace. */
    readonly workspacePath?: string;
    /**
     * The attempt's remote folder is shown at `/s3`, `/gcs` and `/minio`. Where that cannot be, the step is given paths in that
     * folder instead of URIs: any version of the SDK takes the URI of a local artifact for its path. Default: false.
     */
    readonly isRemoteMounted?: boolean;
  },
): StagedStep {
  const templates = [...launch.command, ...launch.args, ...launch.env.map(({ value }) => value)];
  const usesExecutorOutput = templates.some((template) => EXECUTOR_OUTPUT.test(template));
  const context = placeholderContext(launch, host);
  const env = kfpEnv(launch);
  for (const { name, value } of launch.env) {
    env[name] = expandVariables(resolvePlaceholders(value, context), (variable) => env[variable] ?? host.baseEnv[variable]);
  }
  return {
    command: renderArguments(launch.command, context),
    args: renderArguments(launch.args, context),
    env,
    folders: outputFolders(launch, host.paths, { artifacts: host.artifacts, usesExecutorOutput }),
    usesExecutorOutput,
  };
}

function placeholderContext(
  launch: TaskLaunch,
  host: {
    readonly paths: StepPaths;
    readonly artifacts: ArtifactStore;
    readonly workspacePath?: string;
    readonly isRemoteMounted?: boolean;
  },
): PlaceholderContext {
  const { run, inputs, outputs } = launch;
  const { artifacts, paths, isRemoteMounted = false } = host;
  const pathOf = (uri: string) => hostPathOf(uri, { artifacts, remote: paths.remote });
  const seen = (path: string) =>
    isRemoteMounted && path.startsWith(`${paths.remote}/`) ? path.slice(paths.remote.length) : path;
  const isInWorkspace = ({ metadata }: StepArtifact) => metadata['_kfp_workspace'] === true;
  const local = <T extends StepArtifact>(artifact: T): T =>
    isRemoteMounted || isInWorkspace(artifact) || mountPointOf(artifact.uri, artifacts) === undefined
      ? artifact
      : { ...artifact, uri: pathOf(artifact.uri) };
  return {
    inputs: { ...inputs, artifacts: mapValues(inputs.artifacts, (list) => list.map(local)) },
    outputs: {
      parameters: parameterFiles(launch, paths),
      artifacts: mapValues(outputs.artifacts, local),
      outputFile: seen(paths.executorOutput),
    },
    pathOf: (uri, artifact) => (isInWorkspace(artifact) ? workspacePathOf(uri, host.workspacePath) : seen(pathOf(uri))),
    run: {
      jobName: run.displayName,
      jobResourceName: run.resourceName,
      jobUuid: launch.runId,
      taskName: launch.taskKey,
      taskUuid: launch.taskUuid,
      pipelineRoot: run.pipelineRoot,
      createdAtMs: run.createdAtMs,
      scheduledAtMs: run.scheduledAtMs,
      ...(host.workspacePath === undefined ? {} : { workspacePath: host.workspacePath }),
    },
  };
}

function parameterFiles(launch: TaskLaunch, paths: StepPaths): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const name of Object.keys(launch.outputs.parameters)) parameters[name] = parameterFile(paths, name);
  return parameters;
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  const mapped: Record<string, T> = {};
  for (const name in record) mapped[name] = map(record[name]!);
  return mapped;
}
