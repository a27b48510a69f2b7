import type { JsonObject } from '../base/json.ts';
import type { ScopeTemplate } from './plan.ts';
import type { RunData, TaskInstance } from './run-data.ts';
import type { TaskState } from '../model/states.ts';

/** What the KFP back end really writes (words of MLMD), which pipelines compare with. */
const MLMD_WORDS: Record<TaskState, string> = {
  PENDING: 'RUNNING',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'COMPLETE',
  CACHED: 'CACHED',
  SKIPPED: 'CANCELED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
};

/** What the SDK documents for PipelineTaskFinalStatus.state. */
const DOCUMENTED_WORDS: Record<TaskState, string> = {
  ...MLMD_WORDS,
  SUCCEEDED: 'SUCCEEDED',
  CACHED: 'SUCCEEDED',
  CANCELED: 'CANCELLED',
  SKIPPED: 'SKIPPED',
};

/** The value of a PipelineTaskFinalStatus input: how the named task of this scope ended. */
export function finalStatusOf(run: RunData, scope: TaskInstance, producerTask: string): JsonObject {
  const index = (scope.template as ScopeTemplate).indexOf.get(producerTask);
  const producer = index === undefined ? undefined : scope.children[index];
  const words = run.definition.settings.finalStatusWords === 'documented' ? DOCUMENTED_WORDS : MLMD_WORDS;
  return {
    state: words[producer?.state ?? 'SKIPPED'],
    pipelineJobResourceName: run.facts.resourceName,
    pipelineTaskName: producerTask,
    error: producer?.error ? { code: producer.error.code, message: producer.error.message } : {},
  };
}
