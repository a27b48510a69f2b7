import { dirname, join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { TaskLaunch } from '../executors/executor.ts';
import { logFile } from './log-file.ts';
import { hostPathOf } from './remote-artifacts.ts';

/** Where everything of one attempt is on this machine. */
export interface StepPaths {
  readonly log: string;
  /** The step's current folder and TMPDIR; gone after the attempt. */
  readonly work: string;
  /**
   * What the names of the output parameters' files begin with. The folder is the run's, not the attempt's: making and removing
   * folders is the dearest thing a small step does (ext4 searches past inodes that were freed in the last minutes).
   */
  readonly parameterPrefix: string;
  /** For files the executor has to keep beside the step; made only when there are any, gone after the attempt. */
  readonly aside: string;
  /** Stands for the root of the paths of artifacts in object stores (remote-artifacts.ts); removed some time after the attempt. */
  readonly remote: string;
  /** The folder of the task's output artifacts; kept. */
  readonly taskRoot: string;
  /** Where the step writes its executor output. Directly in the task root: `dsl.get_uri()` depends on it. */
  readonly executorOutput: string;
}

export function stepPaths(launch: TaskLaunch, host: { readonly dataDir: string; readonly artifacts: ArtifactStore }): StepPaths {
  const work = join(host.dataDir, 'work', launch.attemptId);
  const remote = `${work}.remote`;
  const taskRoot = hostPathOf(launch.taskRoot, { artifacts: host.artifacts, remote });
  return {
    log: logFile(host.dataDir, launch.attemptId),
    work,
    parameterPrefix: join(host.dataDir, 'work', `${launch.runId}.out`, `${launch.attemptId.slice(launch.runId.length + 1)}.`),
    aside: `${work}.aside`,
    remote,
    taskRoot,
    executorOutput: join(taskRoot, 'output_metadata.json'),
  };
}

/** The file of one output parameter. Names are free text in a hand-written spec; they never leave the folder. */
export function parameterFile(paths: StepPaths, name: string): string {
  return `${paths.parameterPrefix}${encodeURIComponent(name)}`;
}

/** The folders that must exist before the step starts, so that it can write its outputs without making them. */
export function outputFolders(
  launch: TaskLaunch,
  paths: StepPaths,
  options: { readonly artifacts: ArtifactStore; readonly usesExecutorOutput: boolean },
): readonly string[] {
  const folders = new Set<string>();
  if (Object.keys(launch.outputs.parameters).length > 0) folders.add(dirname(paths.parameterPrefix));
  if (options.usesExecutorOutput) folders.add(paths.taskRoot);
  for (const artifact of Object.values(launch.outputs.artifacts))
    folders.add(dirname(hostPathOf(artifact.uri, { artifacts: options.artifacts, remote: paths.remote })));
  return [...folders];
}
