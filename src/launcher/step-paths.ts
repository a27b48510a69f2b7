import { dirname, join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { TaskLaunch } from '../executors/executor.ts';
import { stepPathOf } from './local-path.ts';
import { logFile } from './log-file.ts';

/** Where everything of one attempt is on this machine. */
export interface StepPaths {
  readonly log: string;
  /** The step's current folder and TMPDIR; gone after the attempt. */
  readonly work: string;
  /** Folder of the output parameters' files; gone after the attempt. */
  readonly parameters: string;
  /** The folder of the task's output artifacts; kept. */
  readonly taskRoot: string;
  /** Where the step writes its executor output. Directly in the task root: `dsl.get_uri()` depends on it. */
  readonly executorOutput: string;
}

export function stepPaths(launch: TaskLaunch, host: { readonly dataDir: string; readonly artifacts: ArtifactStore }): StepPaths {
  const taskRoot = stepPathOf(launch.taskRoot, host.artifacts);
  const work = join(host.dataDir, 'work', launch.attemptId);
  return {
    log: logFile(host.dataDir, launch.attemptId),
    work,
    parameters: `${work}.out`,
    taskRoot,
    executorOutput: join(taskRoot, 'output_metadata.json'),
  };
}

/** The file of one output parameter. Names are free text in a hand-written spec; they never leave the folder. */
export function parameterFile(paths: StepPaths, name: string): string {
  return join(
    paths.parameters,
    encodeURIComponent(name).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length)),
  );
}

/** The folders that must exist before the step starts, so that it can write its outputs without making them. */
export function outputFolders(
  launch: TaskLaunch,
  paths: StepPaths,
  options: { readonly artifacts: ArtifactStore; readonly usesExecutorOutput: boolean },
): readonly string[] {
  const folders = new Set<string>();
  if (Object.keys(launch.outputs.parameters).length > 0) folders.add(paths.parameters);
  if (options.usesExecutorOutput) folders.add(paths.taskRoot);
  for (const artifact of Object.values(launch.outputs.artifacts))
    folders.add(dirname(stepPathOf(artifact.uri, options.artifacts)));
  return [...folders];
}
