import { evaluateCondition } from '../ir/conditions.ts';
import type { TaskInstance } from './run-data.ts';
import { withDefaults } from './resolve-inputs.ts';

/** Evaluates the task's condition over its resolved inputs; a task without one runs. An error fails the task. */
export function checkCondition(task: TaskInstance): ReturnType<typeof evaluateCondition> {
  const text = task.planTask?.condition;
  if (text === undefined) return { kind: 'value', value: true };
  const { parameters, artifacts } = task.inputs!;
  return evaluateCondition(text, { parameters: withDefaults(task, parameters), artifacts });
}
