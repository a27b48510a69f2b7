/** TaskSpec from its wire form. */
import type { JsonValue } from '../../base/json.ts';
import type { Path, ProblemList } from '../problem-list.ts';
import type { ArtifactSource, ParameterSource, RetryPolicy, TaskIterator, TaskSpec } from '../spec.ts';
import type { WireTask } from './pipeline-messages.ts';
import { mapRecord, optional, valueOrName } from './wire-values.ts';

type WireInputs = NonNullable<WireTask['inputs']>;
type WireParameter = NonNullable<WireInputs['parameters']>[string];
type WireArtifact = NonNullable<WireInputs['artifacts']>[string];

export function taskSpec(wire: WireTask, path: Path, problems: ProblemList): TaskSpec {
  const iterator = taskIterator(wire, path, problems);
  return {
    ...optional('displayName', wire.taskInfo?.name),
    componentName: wire.componentRef?.name ?? '',
    inputs: {
      parameters: mapRecord(wire.inputs?.parameters, (source, name) =>
        parameterSource(source, [...path, 'inputs', 'parameters', name], problems),
      ),
      artifacts: mapRecord(wire.inputs?.artifacts, (source, name) =>
        artifactSource(source, [...path, 'inputs', 'artifacts', name], problems),
      ),
    },
    dependentTasks: wire.dependentTasks ?? [],
    caching: {
      enabled: wire.cachingOptions?.enableCache ?? false,
      ...optional('key', wire.cachingOptions?.cacheKey || undefined),
      ...(wire.cachingOptions && !wire.cachingOptions.enableCache && !wire.cachingOptions.cacheKey
        ? { isStated: true as const }
        : {}),
    },
    trigger: {
      ...optional('condition', wire.triggerPolicy?.condition || undefined),
      strategy: wire.triggerPolicy?.strategy ?? 'ALL_UPSTREAM_TASKS_SUCCEEDED',
    },
    ...optional('iterator', iterator),
    ...optional('retryPolicy', wire.retryPolicy && retryPolicy(wire.retryPolicy)),
  };
}

function parameterSource(wire: WireParameter, path: Path, problems: ProblemList): ParameterSource | undefined {
  const source = sourceOf(wire);
  if (source) return { ...source, ...optional('selector', wire.parameterExpressionSelector || undefined) };
  problems.add(path, 'it does not say where the value is from', {
    hint: 'Give taskOutputParameter, runtimeValue, componentInputParameter or taskFinalStatus.',
  });
  return undefined;
}

function sourceOf(wire: WireParameter): ParameterSource | undefined {
  const { taskOutputParameter, runtimeValue, componentInputParameter, taskFinalStatus } = wire;
  if (taskOutputParameter) {
    const { producerTask = '', outputParameterKey = '' } = taskOutputParameter;
    return { kind: 'taskOutput', producerTask, outputParameterKey };
  }
  if (runtimeValue) return valueOrName(runtimeValue);
  if (componentInputParameter !== undefined) return { kind: 'componentInput', name: componentInputParameter };
  return taskFinalStatus && { kind: 'finalStatus', producerTask: taskFinalStatus.producerTask ?? '' };
}

function artifactSource(wire: WireArtifact, path: Path, problems: ProblemList): ArtifactSource | undefined {
  if (wire.taskOutputArtifact) {
    const { producerTask = '', outputArtifactKey = '' } = wire.taskOutputArtifact;
    return { kind: 'taskOutput', producerTask, outputArtifactKey };
  }
  if (wire.componentInputArtifact !== undefined) return { kind: 'componentInput', name: wire.componentInputArtifact };
  problems.add(path, 'it does not say where the artifact is from', {
    hint: 'Give taskOutputArtifact or componentInputArtifact.',
  });
  return undefined;
}

function taskIterator(wire: WireTask, path: Path, problems: ProblemList): TaskIterator | undefined {
  const parallelismLimit = wire.iteratorPolicy?.parallelismLimit ?? 0;
  if (parallelismLimit < 0)
    problems.add([...path, 'iteratorPolicy', 'parallelismLimit'], 'it is negative', { hint: '0 means no limit.' });
  const { artifactIterator, parameterIterator } = wire;
  if (artifactIterator) {
    const { items, itemInput = '' } = artifactIterator;
    return { kind: 'artifact', inputArtifact: items?.inputArtifact ?? '', itemInput, parallelismLimit };
  }
  if (!parameterIterator) return undefined;
  const { items = {}, itemInput = '' } = parameterIterator;
  if (items.inputParameter !== undefined) {
    return { kind: 'parameter', items: { kind: 'input', inputParameter: items.inputParameter }, itemInput, parallelismLimit };
  }
  const raw = rawItems(items.raw, [...path, 'parameterIterator', 'items'], problems);
  if (!raw) return undefined;
  const text = items.raw === undefined || items.raw === JSON.stringify(raw) ? {} : { text: items.raw };
  return { kind: 'parameter', items: { kind: 'raw', items: raw, ...text }, itemInput, parallelismLimit };
}

function rawItems(raw: string | undefined, path: Path, problems: ProblemList): readonly JsonValue[] | undefined {
  if (raw === undefined) {
    problems.add(path, 'it does not say what to iterate over', { hint: 'Give raw or inputParameter.' });
    return undefined;
  }
  try {
    const items: unknown = JSON.parse(raw);
    if (Array.isArray(items)) return items as readonly JsonValue[];
  } catch {
    // Reported below.
  }
  problems.add([...path, 'raw'], 'it is not the JSON text of a list');
  return undefined;
}

/** Upstream's window if none is given: one hour. */
const DEFAULT_WINDOW_MS = 3_600_000;

function retryPolicy(wire: NonNullable<WireTask['retryPolicy']>): RetryPolicy {
  return {
    maxRetryCount: Math.max(0, wire.maxRetryCount ?? 0),
    backoffMs: Math.max(0, wire.backoffDuration ?? 0),
    backoffFactor: wire.backoffFactor || 2,
    backoffMaxMs: Math.max(0, wire.backoffMaxDuration ?? DEFAULT_WINDOW_MS),
  };
}
