import type { PlaceholderContext } from '../ir/placeholders.ts';
import { taskUuidOf, type RunData, type TaskInstance, type Values } from './run-data.ts';

/** What placeholders stand for before a step is prepared: its inputs and facts about the run, but nothing about outputs. */
export function taskPlaceholders(run: RunData, task: TaskInstance, inputs: Values): PlaceholderContext {
  const { facts, definition } = run;
  return {
    inputs,
    run: {
      jobName: facts.displayName,
      jobResourceName: facts.resourceName,
      jobUuid: definition.runId,
      taskName: task.planTask?.key ?? facts.pipelineName,
      taskUuid: taskUuidOf(run, task),
      pipelineRoot: facts.pipelineRoot,
      createdAtMs: facts.createdAtMs,
      scheduledAtMs: facts.scheduledAtMs,
      ...(facts.googleCloudLocation === undefined ? {} : { googleCloudLocation: facts.googleCloudLocation }),
      ...(facts.googleCloudProjectId === undefined ? {} : { googleCloudProjectId: facts.googleCloudProjectId }),
    },
    pathOf: (uri) => uri,
  };
}
