import type { GraphPort, GraphTask, PipelineGraph } from '../../app/pipeline-graph.ts';
import type { PipelineInputs } from '../../app/pipeline-inputs.ts';
import type { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { NativeMessage } from './messages.ts';

export function graphMessage(graph: PipelineGraph): NativeMessage<'Graph'> {
  return {
    pipeline_name: graph.pipelineName,
    scopes: graph.scopes.map(({ path, tasks }) => ({ path, tasks: tasks.map(graphTask) })),
    is_truncated: graph.isTruncated,
  };
}

function graphTask(task: GraphTask): NativeMessage<'GraphTask'> {
  return {
    key: task.key,
    display_name: task.displayName,
    path: task.path,
    kind: task.kind,
    scope: task.scope ?? '',
    depends_on: task.dependsOn,
    condition: task.condition ?? '',
    is_exit: task.isExit,
    component: task.component,
    image: task.image ?? '',
    command: task.command,
    ...(task.resources ? { resources: { ...task.resources } as JsonObject } : {}),
    max_retries: task.maxRetries,
    is_cache_enabled: task.isCacheEnabled,
    parallelism: task.parallelism,
    inputs: task.inputs.map(portMessage),
    outputs: task.outputs.map(portMessage),
  };
}

const portMessage = ({ name, type, isArtifact, from }: GraphPort): NativeMessage<'GraphPort'> => ({
  name,
  type,
  is_artifact: isArtifact,
  from: from ?? '',
});

export function inputsMessage(inputs: PipelineInputs): NativeMessage<'PipelineInputs'> {
  return {
    pipeline_name: inputs.pipelineName,
    description: inputs.description,
    parameters: inputs.parameters.map((parameter) => ({
      name: parameter.name,
      type: parameter.type,
      description: parameter.description,
      is_optional: parameter.isOptional,
      has_default: parameter.default !== undefined,
      ...(parameter.default === undefined ? {} : { default: parameter.default }),
      literals: parameter.literals,
    })),
    artifacts: inputs.artifacts.map((artifact) => ({
      name: artifact.name,
      type: artifact.type,
      description: artifact.description,
      is_optional: artifact.isOptional,
      is_list: artifact.isList,
    })),
    recent: inputs.recent,
  };
}

export const problemMessage = ({ path, message, hint, line, severity }: Problem): NativeMessage<'Problem'> => ({
  path,
  message,
  hint: hint ?? '',
  line: line ?? 0,
  severity: severity ?? 'error',
});
