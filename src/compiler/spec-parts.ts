import type { JsonObject } from '../base/json.ts';
import type { ComponentSpec, ExecutorSpec } from '../ir/spec.ts';
import { UniqueNames } from '../sdk/unique-names.ts';

/** Components, executors and platform entries of a pipeline while it is put together, under names that are not taken yet. */
export class SpecParts {
  readonly components = new Map<string, ComponentSpec>();
  readonly executors = new Map<string, ExecutorSpec>();
  readonly platform = new Map<string, JsonObject>();
  readonly #componentNames = new UniqueNames();
  readonly #labels = new UniqueNames();

  /** A free name for a component; `fill` gives it its content later. */
  reserveComponent(name: string): string {
    return this.#componentNames.take(name);
  }

  fillComponent(name: string, component: ComponentSpec): void {
    this.components.set(name, component);
  }

  addExecutor(label: string, executor: ExecutorSpec): string {
    const free = this.#labels.take(label);
    this.executors.set(free, executor);
    return free;
  }

  addPlatform(label: string, entry: JsonObject): void {
    if (Object.keys(entry).length > 0) this.platform.set(label, entry);
  }
}

/** A compiled pipeline as a part of another one. */
export interface Fragment {
  readonly root: ComponentSpec;
  readonly components: Readonly<Record<string, ComponentSpec>>;
  readonly executors: Readonly<Record<string, ExecutorSpec>>;
  readonly platform: Readonly<Record<string, JsonObject>>;
}

/** Takes in the fragment's parts, renamed where a name is taken, and returns its root with the new names. */
export function mergeFragment(parts: SpecParts, fragment: Fragment): ComponentSpec {
  const labels = new Map<string, string>();
  for (const [label, executor] of Object.entries(fragment.executors)) labels.set(label, parts.addExecutor(label, executor));
  for (const [label, entry] of Object.entries(fragment.platform)) parts.addPlatform(labels.get(label) ?? label, entry);
  const names = new Map<string, string>();
  for (const name of Object.keys(fragment.components)) names.set(name, parts.reserveComponent(name));
  for (const [name, component] of Object.entries(fragment.components))
    parts.fillComponent(names.get(name)!, renamed(component, names, labels));
  return renamed(fragment.root, names, labels);
}

function renamed(
  component: ComponentSpec,
  names: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string>,
): ComponentSpec {
  const { dag, executorLabel } = component;
  if (dag === undefined)
    return executorLabel === undefined ? component : { ...component, executorLabel: labels.get(executorLabel) ?? executorLabel };
  const tasks = Object.entries(dag.tasks).map(([key, task]) => [
    key,
    { ...task, componentName: names.get(task.componentName) ?? task.componentName },
  ]);
  return { ...component, dag: { ...dag, tasks: Object.fromEntries(tasks) } };
}
