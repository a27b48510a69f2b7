/** Checks one task of a DAG: its component, its inputs and their sources, its iterator and its conditions. */
import { type ComponentScope, didYouMean, isHandedIn, type Report } from './check-scope.ts';
import { checkProducer } from './check-dag-outputs.ts';
import { expressionProblem } from './conditions.ts';
import type { ArtifactSource, ComponentSpec, DagSpec, ParameterDefinition, ParameterSource, TaskSpec } from './spec.ts';
import { convertInput } from './values.ts';

/** A task in its DAG; `component` is the one the DAG belongs to. */
export interface TaskScope extends ComponentScope {
  readonly dag: DagSpec;
  readonly key: string;
  readonly task: TaskSpec;
}

export function checkTask(scope: TaskScope, report: Report): void {
  const { spec, dag, task, path } = scope;
  const { componentName, dependentTasks } = task;
  dependentTasks.forEach((name, index) => {
    if (Object.hasOwn(dag.tasks, name)) return;
    report([...path, 'dependentTasks', index], `unknown producer task "${name}" in DAG`, { hint: didYouMean(name, dag.tasks) });
  });
  const called = Object.hasOwn(spec.components, componentName) ? spec.components[componentName] : undefined;
  if (!called) {
    const hint = didYouMean(componentName, spec.components);
    report([...path, 'componentRef', 'name'], `component spec for "${componentName}" not found`, { hint });
  }
  for (const [name, source] of Object.entries(task.inputs.parameters)) checkParameter(scope, called, { name, source }, report);
  for (const [name, source] of Object.entries(task.inputs.artifacts)) checkArtifact(scope, { name, source }, report);
  if (called) checkRequiredInputs(scope, called, report);
  checkIterator(scope, called, report);
  checkTrigger(scope, called, report);
}

function checkParameter(
  scope: TaskScope,
  called: ComponentSpec | undefined,
  { name, source }: { readonly name: string; readonly source: ParameterSource },
  report: Report,
): void {
  const place = [...scope.path, 'inputs', 'parameters', name];
  const problem = source.selector === undefined ? undefined : expressionProblem(source.selector);
  if (problem) report([...place, 'parameterExpressionSelector'], `the selector cannot be evaluated: ${problem}`);
  switch (source.kind) {
    case 'taskOutput':
      return checkProducer(
        scope,
        scope.dag,
        { place, group: 'parameters', producer: source.producerTask, key: source.outputParameterKey },
        report,
      );
    case 'finalStatus':
      if (!Object.hasOwn(scope.dag.tasks, source.producerTask)) {
        const hint = didYouMean(source.producerTask, scope.dag.tasks);
        report(place, `unknown producer task "${source.producerTask}" in DAG`, { hint });
      }
      return;
    case 'componentInput':
    case 'runtimeParameter':
      return checkParentInput(scope, { place, group: 'parameters', name: source.name }, report);
    case 'constant': {
      const definition = called && ownValue(called.inputDefinitions.parameters, name);
      if (definition && source.selector === undefined) checkConstant({ name, definition, value: source.value, place }, report);
    }
  }
}

function checkConstant(
  {
    name,
    definition,
    value,
    place,
  }: {
    readonly name: string;
    readonly definition: ParameterDefinition;
    readonly value: unknown;
    readonly place: TaskScope['path'];
  },
  report: Report,
): void {
  // Placeholders are resolved first, and null stands for "not given".
  if (value === null || JSON.stringify(value).includes('{{$')) return;
  const converted = convertInput(name, definition, value as never);
  // Older compilers wrote some of these, and the task may never be reached.
  if (converted.kind === 'error') report([...place, 'runtimeValue'], converted.message, { severity: 'warning' });
}

function checkArtifact(
  scope: TaskScope,
  { name, source }: { readonly name: string; readonly source: ArtifactSource },
  report: Report,
): void {
  const place = [...scope.path, 'inputs', 'artifacts', name];
  if (source.kind === 'componentInput') return checkParentInput(scope, { place, group: 'artifacts', name: source.name }, report);
  checkProducer(
    scope,
    scope.dag,
    { place, group: 'artifacts', producer: source.producerTask, key: source.outputArtifactKey },
    report,
  );
}

interface ParentInput {
  readonly place: TaskScope['path'];
  readonly group: 'parameters' | 'artifacts';
  readonly name: string;
}

/** The parent must declare the input, or be handed it by whoever calls it: the SDK does not declare all it injects. */
function checkParentInput(scope: TaskScope, { place, group, name }: ParentInput, report: Report): void {
  const declared = scope.component.inputDefinitions[group];
  if (Object.hasOwn(declared, name) || isHandedIn(scope, group, name)) return;
  const what = group === 'parameters' ? 'parameter' : 'artifact';
  report(place, `parent DAG does not have input ${what} ${name}`, { hint: didYouMean(name, declared) });
}

function checkRequiredInputs({ task, path }: TaskScope, called: ComponentSpec, report: Report): void {
  const { parameters, artifacts } = called.inputDefinitions;
  const item = task.iterator?.itemInput;
  for (const [name, { isOptional, defaultValue, parameterType }] of Object.entries(parameters)) {
    const mayBeMissing = isOptional || defaultValue !== undefined || parameterType === 'TASK_CONFIG';
    if (mayBeMissing || name === item || Object.hasOwn(task.inputs.parameters, name)) continue;
    const message = `neither value nor default value provided for non-optional parameter "${name}"`;
    report([...path, 'inputs', 'parameters'], message, { hint: `Give the task an input "${name}".` });
  }
  for (const [name, { isOptional }] of Object.entries(artifacts)) {
    if (isOptional || name === item || Object.hasOwn(task.inputs.artifacts, name)) continue;
    report([...path, 'inputs', 'artifacts'], `no artifact is given for the non-optional input "${name}"`, {
      hint: `Give the task an input "${name}".`,
    });
  }
}

function checkIterator({ task, path }: TaskScope, called: ComponentSpec | undefined, report: Report): void {
  const { iterator } = task;
  if (!iterator) return;
  const group = iterator.kind === 'parameter' ? 'parameters' : 'artifacts';
  const place = [...path, `${iterator.kind}Iterator`];
  const items =
    iterator.kind === 'artifact'
      ? iterator.inputArtifact
      : iterator.items.kind === 'input'
        ? iterator.items.inputParameter
        : undefined;
  const available: Record<string, unknown> = { ...called?.inputDefinitions[group], ...task.inputs[group] };
  if (items !== undefined && !Object.hasOwn(available, items)) {
    const what = iterator.kind === 'artifact' ? 'artifact' : 'parameter';
    const message = `iterating on item input "${iterator.itemInput}" failed: cannot find input ${what} "${items}"`;
    report([...place, 'items'], message, { hint: didYouMean(items, available) });
  }
  if (iterator.itemInput === '') report([...place, 'itemInput'], 'it does not say which input takes the item');
  else if (called && !Object.hasOwn(called.inputDefinitions[group], iterator.itemInput)) {
    report([...place, 'itemInput'], `the component does not declare an input "${iterator.itemInput}"`, { severity: 'warning' });
  }
}

const PARAMETER_USE = /inputs\.parameter_values\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/g;

function checkTrigger({ task, path }: TaskScope, called: ComponentSpec | undefined, report: Report): void {
  const { condition } = task.trigger;
  if (condition === undefined) return;
  const place = [...path, 'triggerPolicy', 'condition'];
  const problem = expressionProblem(condition);
  if (problem) return report(place, `the condition cannot be evaluated: ${problem}`);
  const available: Record<string, unknown> = { ...called?.inputDefinitions.parameters, ...task.inputs.parameters };
  for (const [, single, double] of condition.matchAll(PARAMETER_USE)) {
    const name = single ?? double!;
    if (Object.hasOwn(available, name)) continue;
    report(place, `the condition reads the input "${name}", which the task does not have`, {
      severity: 'warning',
      hint: didYouMean(name, available),
    });
  }
}

function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
