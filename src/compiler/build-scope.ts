import type { ComponentSpec, DagOutputParameter, DagSpec, RetryPolicy, TaskIterator, TaskSpec } from '../ir/spec.ts';
import { conditionRefs } from '../sdk/condition.ts';
import type { PipelineDefinition } from '../sdk/pipeline-definition.ts';
import { durationMs, type RetrySettings } from '../sdk/task-settings.ts';
import { type ScopeNode, scopePath, type TaskNode } from '../sdk/trace.ts';
import { buildComponent } from './build-component.ts';
import { conditionText } from './condition-text.ts';
import type { PlacedProblems } from './placed-problems.ts';
import { inputDefinitions, outputDefinitions, plainPorts } from './port-definitions.ts';
import { INJECTED, type ScopeFlow } from './scope-flow.ts';
import type { Fragment, SpecParts } from './spec-parts.ts';
import { artifactSource, parameterSource, type TaskWiring, wireTask } from './task-inputs.ts';
import { fullName } from '../sdk/channel-ref.ts';

export interface PipelineBuild {
  readonly root: ScopeNode;
  readonly parts: SpecParts;
  readonly flow: ScopeFlow;
  readonly wirings: ReadonlyMap<TaskNode, TaskWiring>;
  readonly problems: PlacedProblems;
  compileNested(pipeline: PipelineDefinition): Fragment;
}

/** Lets every task and scope say what it uses; after this the flow knows all inputs, outputs and dependencies. */
export function wireTasks(root: ScopeNode, tasks: Iterable<TaskNode>, flow: ScopeFlow): Map<TaskNode, TaskWiring> {
  flow.useOfScopes(root);
  const wirings = new Map<TaskNode, TaskWiring>();
  for (const task of tasks) {
    const scope = task.scope ?? root;
    wirings.set(task, wireTask(task, scope, flow));
    if (task.scope === undefined) continue;
    const conditions = scopePath(scope).flatMap(({ condition }) => (condition === undefined ? [] : conditionRefs(condition)));
    flow.useConditionsOf(task, conditions);
    for (const other of task.settings.after) flow.waitFor(other, task, task.place);
  }
  return wirings;
}

/** The tasks of a scope's DAG. Names are given parents first, groups before tasks, as in KFP's compiler. */
export function buildTasks(build: PipelineBuild, scope: ScopeNode): DagSpec['tasks'] {
  const tasks: Record<string, TaskSpec> = {};
  const components = new Map(scope.scopes.map((child) => [child, build.parts.reserveComponent(`comp-${child.name}`)]));
  for (const child of scope.scopes) tasks[child.name] = groupTask(build, child, components.get(child)!);
  for (const task of scope.tasks) tasks[task.name] = leafTask(build, task);
  for (const child of scope.scopes) build.parts.fillComponent(components.get(child)!, groupComponent(build, child));
  return tasks;
}

/** Exit tasks stand at the top, after the group they follow. */
export function buildExitTasks(build: PipelineBuild): DagSpec['tasks'] {
  const handlers = build.root.scopes.filter(({ kind }) => kind === 'exit-handler');
  return Object.fromEntries(
    handlers.map((handler) => {
      const task = handler.exitTask!;
      const spec = leafTask(build, task);
      const parameters = { ...spec.inputs.parameters, ...finalStatusInputs(task, handler.name) };
      const trigger = { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' as const };
      return [task.name, { ...spec, inputs: { ...spec.inputs, parameters }, dependentTasks: [handler.name], trigger }];
    }),
  );
}

function leafTask(build: PipelineBuild, task: TaskNode): TaskSpec {
  const { parts, flow, problems } = build;
  const wiring = build.wirings.get(task)!;
  const component = buildComponent(task, wiring, parts, (pipeline) => build.compileNested(pipeline));
  const componentName = parts.reserveComponent(`comp-${task.name}`);
  parts.fillComponent(componentName, component);
  const { caching, displayName, ignoresUpstreamFailure, retry } = task.settings;
  const dependentTasks = flow.dependencies(task);
  const parameters = { ...wiring.inputs.parameters };
  if (ignoresUpstreamFailure && Object.keys(finalStatusInputs(task, '')).length > 0) {
    if (dependentTasks.length !== 1)
      problems.add(
        task.place,
        `${task.name} takes the final status of the task before it and so must wait for exactly one, not ${dependentTasks.length}`,
        'use its output, or .after(task), in the same scope',
      );
    Object.assign(parameters, finalStatusInputs(task, dependentTasks[0] ?? ''));
  }
  return {
    displayName: displayName ?? task.name,
    componentName,
    inputs: { ...wiring.inputs, parameters },
    dependentTasks,
    caching,
    trigger: { strategy: ignoresUpstreamFailure ? 'ALL_UPSTREAM_TASKS_COMPLETED' : 'ALL_UPSTREAM_TASKS_SUCCEEDED' },
    ...(retry === undefined ? {} : { retryPolicy: retryPolicy(retry) }),
  };
}

function finalStatusInputs(task: TaskNode, producerTask: string): TaskSpec['inputs']['parameters'] {
  const names = Object.entries(task.definition.inputs).filter(
    ([, { type }]) => type.kind === 'parameter' && type.parameterType === 'TASK_FINAL_STATUS',
  );
  return Object.fromEntries(names.map(([name]) => [name, { kind: 'finalStatus', producerTask }]));
}

const DEFAULT_WINDOW_MS = 3_600_000;

function retryPolicy({ limit, backoff = 0, factor = 2, window = DEFAULT_WINDOW_MS }: RetrySettings): RetryPolicy {
  return {
    maxRetryCount: limit,
    backoffMs: durationMs(backoff) ?? 0,
    backoffFactor: factor,
    backoffMaxMs: durationMs(window) ?? 0,
  };
}

function groupTask(build: PipelineBuild, scope: ScopeNode, componentName: string): TaskSpec {
  const { flow, problems } = build;
  const inputs: {
    parameters: Record<string, ReturnType<typeof parameterSource>>;
    artifacts: Record<string, ReturnType<typeof artifactSource>>;
  } = {
    parameters: {},
    artifacts: {},
  };
  for (const [name, { type, source }] of flow.inputs(scope)) {
    if (type.kind === 'artifact') inputs.artifacts[name] = artifactSource(source);
    else inputs.parameters[name] = parameterSource(source);
  }
  const condition =
    scope.condition &&
    conditionText(scope.condition, { problems, inputName: (ref) => flow.inputName(ref, scope.parent!, scope) });
  return {
    displayName: scope.displayName ?? scope.name,
    componentName,
    inputs,
    dependentTasks: flow.dependencies(scope),
    caching: { enabled: false },
    trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED', ...(condition === undefined ? {} : { condition }) },
    ...(scope.loop === undefined ? {} : { iterator: iteratorOf(build, scope) }),
  };
}

function iteratorOf({ flow }: PipelineBuild, scope: ScopeNode): TaskIterator {
  const { items, item, parallelism: parallelismLimit } = scope.loop!;
  const itemInput = INJECTED + fullName(item);
  if (items.kind === 'raw') return { kind: 'parameter', items: { kind: 'raw', items: items.items }, itemInput, parallelismLimit };
  const name = flow.inputName(items.ref, scope.parent!, scope);
  if (item.type.kind === 'artifact') return { kind: 'artifact', inputArtifact: name, itemInput, parallelismLimit };
  return { kind: 'parameter', items: { kind: 'input', inputParameter: name }, itemInput, parallelismLimit };
}

function groupComponent(build: PipelineBuild, scope: ScopeNode): ComponentSpec {
  const { flow } = build;
  const inputs = new Map([...flow.inputs(scope)].map(([name, { type }]) => [name, type]));
  if (scope.loop !== undefined) inputs.set(INJECTED + fullName(scope.loop.item), scope.loop.item.type);
  const outputs = flow.outputs(scope);
  return {
    inputDefinitions: inputDefinitions(plainPorts(inputs)),
    outputDefinitions: outputDefinitions(plainPorts([...outputs].map(([name, { type }]) => [name, type] as const))),
    dag: { tasks: buildTasks(build, scope), outputs: dagOutputs(outputs) },
    taskConfigPassthroughs: [],
  };
}

/** The selectors of a DAG's outputs. */
export function dagOutputs(outputs: ReturnType<ScopeFlow['outputs']>): DagSpec['outputs'] {
  const parameters: Record<string, DagOutputParameter> = {};
  const artifacts: Record<string, DagSpec['outputs']['artifacts'][string]> = {};
  for (const [name, { type, isOneOf, selectors }] of outputs) {
    if (type.kind === 'artifact') {
      artifacts[name] = {
        artifactSelectors: selectors.map(({ producerSubtask, key }) => ({ producerSubtask, outputArtifactKey: key })),
      };
      continue;
    }
    const found = selectors.map(({ producerSubtask, key }) => ({ producerSubtask, outputParameterKey: key }));
    parameters[name] = isOneOf ? { kind: 'oneof', selectors: found } : { kind: 'parameter', selector: found[0]! };
  }
  return { parameters, artifacts };
}
