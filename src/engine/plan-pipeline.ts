import { assert } from '../base/assert.ts';
import { isJsonObject, type JsonValue } from '../base/json.ts';
import { reachableComponents } from '../ir/check.ts';
import type { ComponentSpec, PipelineDocument, TaskSpec } from '../ir/spec.ts';
import type { Plan, PlanTask, ScopeTemplate, Template } from './plan.ts';

/** Images of KFP's volume operations; the SDK marks these steps by image alone (kfp.kubernetes CreatePVC, DeletePVC). */
export const VOLUME_IMAGES: ReadonlySet<string> = new Set(['argostub/createpvc', 'argostub/deletepvc']);

const ROOT_TEMPLATE = 'root';

/**
 * Turns a checked pipeline document (no problem of severity error) into a plan, in one pass: O(tasks + references). Components that
 * no task uses are left out: mistakes in them are only warnings.
 */
export function planPipeline(document: PipelineDocument): Plan {
  const templates = new Map<string, Template>();
  for (const name of reachableComponents(document.spec)) {
    const template = planComponent(name, document.spec.components[name]!, document);
    if (template) templates.set(name, template);
  }
  const { root } = document.spec;
  const rootTemplate = root.dag ? planScope(ROOT_TEMPLATE, root, document) : wrapLeaf(root, document, templates);
  const timeoutSeconds = Number(document.platform.pipelineConfig['activeDeadlineSeconds'] ?? 0);
  return {
    pipelineName: document.spec.pipelineInfo.name,
    root: rootTemplate,
    templates,
    hasWorkspace: document.platform.pipelineConfig['workspace'] !== undefined,
    ...(timeoutSeconds > 0 ? { timeoutMs: timeoutSeconds * 1000 } : {}),
  };
}

/** Undefined for a component that is never reached by a runnable task (a customJob): the checker has said so. */
function planComponent(name: string, component: ComponentSpec, document: PipelineDocument): Template | undefined {
  if (component.dag) return planScope(name, component, document);
  const label = component.executorLabel;
  const executor = label === undefined ? undefined : document.spec.executors[label];
  if (label === undefined || !executor) return undefined;
  const base = { name, inputs: component.inputDefinitions, outputs: component.outputDefinitions };
  switch (executor.kind) {
    case 'container':
      return {
        ...base,
        kind: 'container',
        executorLabel: label,
        container: executor.container,
        platform: document.platform.executors[label] ?? {},
        taskConfigPassthroughs: component.taskConfigPassthroughs,
      };
    case 'importer':
      return { ...base, kind: 'importer', importer: executor.importer };
    case 'resolver':
      return { ...base, kind: 'resolver', resolver: executor.resolver };
    case 'customJob':
      return undefined;
  }
}

/** A root that is a single step becomes a scope with that one task, its inputs and outputs passed through. */
function wrapLeaf(root: ComponentSpec, document: PipelineDocument, templates: Map<string, Template>): ScopeTemplate {
  const key = document.spec.pipelineInfo.name;
  const name = `${ROOT_TEMPLATE}-step`;
  const leaf = planComponent(name, root, document);
  assert(leaf, 'a root without dag has an executor');
  templates.set(name, leaf);
  const task: PlanTask = {
    index: 0,
    key,
    displayName: key,
    template: name,
    inputs: {
      parameters: mapKeys(root.inputDefinitions.parameters, (input) => ({ kind: 'componentInput' as const, name: input })),
      artifacts: mapKeys(root.inputDefinitions.artifacts, (input) => ({ kind: 'componentInput' as const, name: input })),
    },
    dependencies: [],
    dependents: [],
    trigger: 'succeeded',
    cache: { enabled: true },
  };
  return {
    kind: 'scope',
    name: ROOT_TEMPLATE,
    inputs: root.inputDefinitions,
    outputs: root.outputDefinitions,
    tasks: [task],
    indexOf: new Map([[key, 0]]),
    scopeOutputs: {
      parameters: mapKeys(root.outputDefinitions.parameters, (output) => ({
        kind: 'parameter' as const,
        selector: { producerSubtask: key, outputParameterKey: output },
      })),
      artifacts: mapKeys(root.outputDefinitions.artifacts, (output) => ({
        artifactSelectors: [{ producerSubtask: key, outputArtifactKey: output }],
      })),
    },
  };
}

function mapKeys<T>(record: Readonly<Record<string, unknown>>, make: (key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(record).map((key) => [key, make(key)]));
}

function planScope(name: string, component: ComponentSpec, document: PipelineDocument): ScopeTemplate {
  assert(component.dag, 'a scope has a dag');
  const dag = component.dag;
  const dependencyKeys = new Map(Object.entries(dag.tasks).map(([key, task]) => [key, dependenciesOf(task, document)]));
  const order = topologicalOrder(dependencyKeys);
  const indexOf = new Map(order.map((key, index) => [key, index]));
  const dependents: number[][] = order.map(() => []);
  const dependencies = order.map((key, index) =>
    [...dependencyKeys.get(key)!].map((producer) => {
      const producerIndex = indexOf.get(producer)!;
      dependents[producerIndex]!.push(index);
      return producerIndex;
    }),
  );
  return {
    kind: 'scope',
    name,
    inputs: component.inputDefinitions,
    outputs: component.outputDefinitions,
    tasks: order.map((key, index) => planTask(key, dag.tasks[key]!, index, dependencies[index]!, dependents[index]!)),
    indexOf,
    scopeOutputs: dag.outputs,
  };
}

function planTask(
  key: string,
  task: TaskSpec,
  index: number,
  dependencies: readonly number[],
  dependents: readonly number[],
): PlanTask {
  return {
    index,
    key,
    displayName: task.displayName ?? key,
    template: task.componentName,
    inputs: task.inputs,
    dependencies,
    dependents,
    trigger: task.trigger.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED' ? 'completed' : 'succeeded',
    cache: task.caching,
    ...(task.trigger.condition === undefined ? {} : { condition: task.trigger.condition }),
    ...(task.iterator === undefined ? {} : { loop: task.iterator }),
    ...(task.retryPolicy === undefined ? {} : { retry: task.retryPolicy }),
  };
}

/**
 * What must be final before a task is looked at: what it names in dependentTasks, and every producer it reads from, its final
 * status and the names in its platform settings included (the IR leaves those implicit).
 */
function dependenciesOf(task: TaskSpec, document: PipelineDocument): ReadonlySet<string> {
  const producers = new Set(task.dependentTasks);
  for (const source of Object.values(task.inputs.parameters)) {
    if (source.kind === 'taskOutput' || source.kind === 'finalStatus') producers.add(source.producerTask);
  }
  for (const source of Object.values(task.inputs.artifacts)) {
    if (source.kind === 'taskOutput') producers.add(source.producerTask);
  }
  const label = document.spec.components[task.componentName]?.executorLabel;
  const platform = label === undefined ? undefined : document.platform.executors[label];
  if (platform) collectProducers(platform, producers);
  return producers;
}

function collectProducers(value: JsonValue, into: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectProducers(item as JsonValue, into);
  else if (isJsonObject(value)) {
    const output = value['taskOutputParameter'];
    if (isJsonObject(output) && typeof output['producerTask'] === 'string') into.add(output['producerTask']);
    for (const member of Object.values(value)) collectProducers(member, into);
  }
}

/** Kahn's algorithm, keeping the document's order where the dependencies leave a choice. */
function topologicalOrder(dependencies: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const [key, producers] of dependencies) {
    waiting.set(key, producers.size);
    for (const producer of producers) {
      assert(dependencies.has(producer), `the checker refuses the unknown producer ${producer}`);
      const list = dependents.get(producer);
      if (list) list.push(key);
      else dependents.set(producer, [key]);
    }
  }
  const order = [...waiting].filter(([, count]) => count === 0).map(([key]) => key);
  for (let next = 0; next < order.length; next += 1) {
    for (const dependent of dependents.get(order[next]!) ?? []) {
      const count = waiting.get(dependent)! - 1;
      waiting.set(dependent, count);
      if (count === 0) order.push(dependent);
    }
  }
  assert(order.length === dependencies.size, 'the checker refuses cycles');
  return order;
}
