/** What a step is started with: pure, from the launch and the paths of the machine it runs on. */
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { TaskLaunch } from '../executors/executor.ts';
import { workspacePathOf } from '../ir/artifact-paths.ts';
import type { StepOutputs } from '../ir/executor-input.ts';
import { renderArguments, resolvePlaceholders } from '../ir/placeholders.ts';
import type { PlaceholderContext } from '../ir/placeholders.ts';
import { expandVariables } from './expand-variables.ts';
import { kfpEnv } from './kfp-env.ts';
import { stepPathOf } from './local-path.ts';
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
  host: { readonly paths: StepPaths; readonly artifacts: ArtifactStore; readonly workspacePath?: string },
): PlaceholderContext {
  const { run } = launch;
  return {
    inputs: launch.inputs,
    outputs: stepOutputs(launch, host.paths),
    pathOf: (uri, { metadata }) =>
      metadata['_kfp_workspace'] === true ? workspacePathOf(uri, host.workspacePath) : stepPathOf(uri, host.artifacts),
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

function stepOutputs(launch: TaskLaunch, paths: StepPaths): StepOutputs {
  const parameters: Record<string, string> = {};
  for (const name of Object.keys(launch.outputs.parameters)) parameters[name] = parameterFile(paths, name);
  return { parameters, artifacts: launch.outputs.artifacts, outputFile: paths.executorOutput };
}
