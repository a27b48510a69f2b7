import type { TaskLaunch } from '../executor.ts';

/** By which the containers of a step are found. */
export function labelsOf(launch: TaskLaunch): Readonly<Record<string, string>> {
  return {
    'pipewright.attempt': launch.attemptId,
    'pipewright.run': launch.runId,
    'pipewright.task': launch.path,
  };
}
