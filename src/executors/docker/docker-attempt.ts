import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import { logFile } from '../../launcher/log-file.ts';
import { hostPathOf } from '../../launcher/remote-artifacts.ts';
import type { StagedStep } from '../../launcher/stage-step.ts';
import type { StepPaths } from '../../launcher/step-paths.ts';
import type { ResourceUse } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import type { PodLog } from './pod-log.ts';
import type { Sandbox } from './pod-sandbox.ts';

/** One attempt from its launch until its end is observed; changed by the executor as things become known. */
export interface DockerAttempt {
  readonly launch: TaskLaunch;
  readonly paths: DockerPaths;
  /** Name of its container, the same in every process that works on the data folder. */
  readonly container: string;
  staged?: StagedStep;
  /** Of the container; known once it is created or found. */
  containerId?: string;
  /** Of the container: whom it runs as (empty: root), and the image it is made from. */
  user?: string;
  imageId?: string;
  /** Of the image: where relative paths of the step begin, if it is not our work folder. */
  workingDir?: string;
  /** Its program runs, or has run. */
  startedAtMs?: number;
  /** Aborted once it is to be cancelled. */
  readonly cancel: AbortController;
  /** We have told the container to end, and why. */
  ending?: 'cancel' | 'timeout';
  /** An earlier engine may have started it; when this one was told of it. */
  readonly adoptedAtMs?: number;
  /** When somebody else told it to end. */
  killedAtMs?: number;
  /** The daemon did not answer from then on; it has since. */
  outage?: { readonly fromMs: number; readonly toMs: number };
  use?: ResourceUse;
  /** Its other containers, if it has any: known once they are begun or found. */
  pod?: AttemptPod;
  /** Calls off the timer of its time limit. */
  stopTimer?: () => void;
}

export interface AttemptPod {
  readonly log: PodLog;
  sandbox?: Sandbox;
  /** When the first of its containers was started: its time limit counts from then. */
  startedAtMs?: number;
  /** Sidecars whose output is followed, until they end. */
  readonly followed: Map<string, Promise<void>>;
  /** When somebody told one of them to end, by its name. */
  readonly killedAtMs: Map<string, number>;
  /** Aborted when the time limit is over before the step's own container is started. */
  readonly limit: AbortController;
  /** Aborted once the step has ended and its sidecars were told to. */
  readonly over: AbortController;
}

export interface DockerPaths extends StepPaths {
  /** Everything of the attempt that goes with its container. */
  readonly folder: string;
  /** The part of it that the step sees, at the same path. */
  readonly step: string;
  /** For secrets, config maps and empty folders. */
  readonly mounts: string;
  /** The home folder of a user the image does not know. */
  readonly home: string;
}

/**
 * Where everything of one attempt is. What the step sees has the same path in its container as on this machine, so that the
 * paths in its arguments mean the same for both.
 */
export function dockerPaths(
  launch: TaskLaunch,
  host: { readonly dataDir: string; readonly artifacts: ArtifactStore },
): DockerPaths {
  const folder = join(attemptFolders(host.dataDir), launch.attemptId);
  const step = join(folder, 'step');
  const remote = join(folder, 'remote');
  const taskRoot = hostPathOf(launch.taskRoot, { artifacts: host.artifacts, remote });
  return {
    log: logFile(host.dataDir, launch.attemptId),
    work: join(step, 'work'),
    parameterPrefix: join(step, 'out', 'parameter.'),
    aside: join(step, 'aside'),
    remote,
    taskRoot,
    executorOutput: join(taskRoot, 'output_metadata.json'),
    folder,
    step,
    mounts: join(folder, 'mounts'),
    home: join(step, 'home'),
  };
}

/** The folder of all attempts' folders. */
export function attemptFolders(dataDir: string): string {
  return join(dataDir, 'docker');
}
