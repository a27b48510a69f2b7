import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { findParameter } from './resolve-inputs.ts';
import type { RunData, TaskInstance } from './run-data.ts';

/** Resolves an InputParameterSpec in the scope of the task, or in the task's own inputs (what an iteration brings). */
export function dynamicValue(run: RunData, task: TaskInstance, spec: JsonObject): JsonValue | undefined {
  const constant = isJsonObject(spec['runtimeValue']) ? spec['runtimeValue']['constant'] : undefined;
  if (constant !== undefined) return constant;
  const input = spec['componentInputParameter'];
  const scope = task.iteration === null ? task.parent! : task.parent!.parent!;
  if (typeof input === 'string') {
    const found = findParameter(run, scope, { kind: 'componentInput', name: input });
    return found.kind === 'value' ? found.value : task.inputs?.parameters[input];
  }
  const output = spec['taskOutputParameter'];
  if (!isJsonObject(output)) return undefined;
  const { producerTask, outputParameterKey } = output;
  if (typeof producerTask !== 'string' || typeof outputParameterKey !== 'string') return undefined;
  const found = findParameter(run, scope, { kind: 'taskOutput', producerTask, outputParameterKey });
  return found.kind === 'value' ? found.value : undefined;
}
