import type { ComponentDefinition } from '../sdk/component-definition.ts';
import { taskName } from '../sdk/component.ts';
import type { PipelineDefinition } from '../sdk/pipeline-definition.ts';

export interface FoundStep {
  readonly definition: ComponentDefinition;
  /** What the step can be called, the most exact first. */
  readonly names: readonly string[];
}

/** The component behind a path of a run such as `/for-loop-1[0]/inner/condition-2/train`. */
export function stepAt(pipeline: PipelineDefinition, path: string): FoundStep | undefined {
  let current = pipeline;
  const keys: string[] = [];
  for (const segment of path.split('/').filter((part) => part !== '')) {
    const task = current.trace.tasks.get(segment.replace(/\[\d+\]$/, ''));
    // A scope of the pipeline is not a task of its own.
    if (task === undefined) continue;
    keys.push(task.name);
    const { definition } = task;
    if (definition.implementation.kind !== 'pipeline') return { definition, names: namesOf(keys, definition) };
    current = definition.implementation.pipeline;
  }
  return undefined;
}

/** The names of each step of a pipeline and of the pipelines in it. */
export function stepNames(pipeline: PipelineDefinition, outer: readonly string[] = []): (readonly string[])[] {
  return [...pipeline.trace.tasks.values()].flatMap(({ name, definition }) => {
    const keys = [...outer, name];
    const { implementation } = definition;
    return implementation.kind === 'pipeline' ? stepNames(implementation.pipeline, keys) : [namesOf(keys, definition)];
  });
}

/** Its path of task keys, its own key, and its component's name. */
function namesOf(keys: readonly string[], { name }: ComponentDefinition): readonly string[] {
  return [...new Set([keys.join('/'), keys.at(-1)!, taskName(name)])];
}
