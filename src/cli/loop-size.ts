import type { PipelineSpec, TaskSpec } from '../ir/spec.ts';
import type { TaskRow } from '../model/run.ts';

/**
 * How many iterations a loop has in the end. Rows of iterations appear as they start, so that a loop with a parallelism limit
 * does not show its size by itself; its items do. Undefined when they are not known (yet).
 */
export function loopSize(spec: PipelineSpec, row: TaskRow): number | undefined {
  const iterator = taskOf(spec, row.path)?.iterator;
  if (iterator === undefined) return undefined;
  if (iterator.kind === 'artifact') return row.inputs?.artifacts[iterator.inputArtifact]?.length;
  if (iterator.items.kind === 'raw') return iterator.items.items.length;
  const items = row.inputs?.parameters[iterator.items.inputParameter];
  return Array.isArray(items) ? items.length : undefined;
}

/** The task of the spec that a path such as `/for-loop-1[0]/train` leads to. */
function taskOf(spec: PipelineSpec, path: string): TaskSpec | undefined {
  const keys = path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replace(/(\[\d+\])+$/, ''));
  let component = spec.root;
  let task: TaskSpec | undefined;
  for (const key of keys) {
    task = component.dag?.tasks[key];
    const next = task === undefined ? undefined : spec.components[task.componentName];
    if (next === undefined) return task;
    component = next;
  }
  return task;
}
