import type { JsonObject } from '../../base/json.ts';
import type { StagedStep } from '../../launcher/stage-step.ts';
import type { StepPaths } from '../../launcher/step-paths.ts';
import type { TaskLaunch } from '../executor.ts';
import type { ForkServer } from './fork-server.ts';

/** One attempt from its launch until its end is observed; changed by the executor as things become known. */
export interface Attempt {
  readonly launch: TaskLaunch;
  readonly paths: StepPaths;
  /** `/s3` and its like, where the step looks for artifacts that are in object stores. */
  readonly mountPoints: readonly string[];
  staged?: StagedStep;
  /** For mount_step.py. */
  mounts?: JsonObject;
  /** There are files beside the step: long arguments, packages it installs. */
  hasAside?: boolean;
  /** The server of ours that was asked to run it. */
  server?: ForkServer;
  /** Servers of ours that ended before they had started it. */
  lostServers: number;
  /** Another engine's server has it: until when its start may still be missing in the journals. */
  foreignUntilMs?: number;
  /** Its end was asked of one of our servers because its own is not ours. */
  ending?: boolean;
  cancelled?: boolean;
  /** Its input artifacts are being brought here; nothing of it runs yet. */
  isDownloading?: boolean;
  /** How it ended is known; its outputs are being collected. */
  ended?: boolean;
}

/** For what the step sees mounted: files of secrets, empty folders, the scratch folder of mount_step.py. */
export function mountsFolder({ paths }: Attempt): string {
  return `${paths.work}.mounts`;
}

/** Whether anything has to be collected when the step has ended. */
export function hasOutputs({ outputs }: TaskLaunch): boolean {
  return hasAny(outputs.parameters) || hasAny(outputs.artifacts);
}

export function hasAny(record: Readonly<Record<string, unknown>>): boolean {
  for (const _ in record) return true;
  return false;
}
