/** The proto-JSON of a task. */
import type { JsonObject } from '../base/json.ts';
import type { ArtifactSource, ParameterSource, TaskIterator, TaskSpec } from './spec.ts';
import { valueToText } from './values.ts';
import { compact, ifTrue, mapObject, nonEmpty, type WireStyle } from './wire-members.ts';

export function wireTask(task: TaskSpec, style: WireStyle): JsonObject {
  const { inputs, iterator, retryPolicy, trigger } = task;
  return compact({
    ...(iterator ? wireIterator(iterator) : {}),
    cachingOptions: task.caching.isStated
      ? {}
      : nonEmpty(compact({ cacheKey: task.caching.key, enableCache: ifTrue(task.caching.enabled) })),
    componentRef: { name: task.componentName },
    dependentTasks: nonEmpty(task.dependentTasks),
    inputs: nonEmpty(
      compact({
        artifacts: nonEmpty(mapObject(inputs.artifacts, wireArtifactSource)),
        parameters: nonEmpty(mapObject(inputs.parameters, (source) => wireParameterSource(source, style))),
      }),
    ),
    iteratorPolicy: iterator?.parallelismLimit ? { parallelismLimit: iterator.parallelismLimit } : undefined,
    retryPolicy: retryPolicy && {
      backoffDuration: seconds(retryPolicy.backoffMs),
      backoffFactor: style.value(retryPolicy.backoffFactor),
      backoffMaxDuration: seconds(retryPolicy.backoffMaxMs),
      maxRetryCount: retryPolicy.maxRetryCount,
    },
    taskInfo: task.displayName === undefined ? undefined : { name: task.displayName },
    triggerPolicy: nonEmpty(
      compact({
        condition: trigger.condition,
        strategy: trigger.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED' ? trigger.strategy : undefined,
      }),
    ),
  });
}

const seconds = (ms: number): string => `${valueToText(ms / 1000)}s`;

function wireIterator(iterator: TaskIterator): JsonObject {
  const { itemInput } = iterator;
  if (iterator.kind === 'artifact') return { artifactIterator: { itemInput, items: { inputArtifact: iterator.inputArtifact } } };
  const { items } = iterator;
  const wireItems =
    items.kind === 'raw' ? { raw: items.text ?? JSON.stringify(items.items) } : { inputParameter: items.inputParameter };
  return { parameterIterator: { itemInput, items: wireItems } };
}

function wireParameterSource(source: ParameterSource, style: WireStyle): JsonObject {
  return compact({ ...wireSource(source, style), parameterExpressionSelector: source.selector });
}

function wireSource(source: ParameterSource, { value }: WireStyle): JsonObject {
  switch (source.kind) {
    case 'taskOutput':
      return { taskOutputParameter: { outputParameterKey: source.outputParameterKey, producerTask: source.producerTask } };
    case 'constant':
      return { runtimeValue: { constant: value(source.value) } };
    case 'runtimeParameter':
      return { runtimeValue: { runtimeParameter: source.name } };
    case 'componentInput':
      return { componentInputParameter: source.name };
    case 'finalStatus':
      return { taskFinalStatus: { producerTask: source.producerTask } };
  }
}

function wireArtifactSource(source: ArtifactSource): JsonObject {
  if (source.kind === 'componentInput') return { componentInputArtifact: source.name };
  return { taskOutputArtifact: { outputArtifactKey: source.outputArtifactKey, producerTask: source.producerTask } };
}
