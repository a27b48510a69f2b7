import type { ComponentSpec, PipelineSpec, TaskSpec } from '../ir/spec.ts';

/** The task and component of the spec that a path such as `/for-loop-1[0]/train` leads to; the root has no task. */
export function specAt(spec: PipelineSpec, path: string): { readonly task?: TaskSpec; readonly component?: ComponentSpec } {
  const keys = path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replace(/(\[\d+\])+$/, ''));
  let at: { readonly task?: TaskSpec; readonly component?: ComponentSpec } = { component: spec.root };
  for (const key of keys) {
    const task: TaskSpec | undefined = at.component?.dag?.tasks[key];
    if (task === undefined) return {};
    const component = spec.components[task.componentName];
    at = component === undefined ? { task } : { task, component };
  }
  return at;
}
