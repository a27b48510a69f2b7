/**
 * What is wrong with a pipeline beyond its form. Errors are about what can never run; warnings about what runs elsewhere only,
 * or looks like a mistake. Messages are KFP's where it has one (backend/src/v2/compiler/argocompiler/dag.go, driver/resolve.go).
 */
import type { Problem } from '../base/errors.ts';
import { findCycle } from './check-cycles.ts';
import { checkDagOutputs } from './check-dag-outputs.ts';
import { checkPlaceholders } from './check-placeholders.ts';
import { checkTask } from './check-task.ts';
import { type ComponentScope, didYouMean, type FoundProblem, type Report } from './check-scope.ts';
import { formatPath } from './problem-list.ts';
import type { ComponentSpec, DagSpec, ExecutorSpec, PipelineDocument, PipelineSpec } from './spec.ts';

/** All problems, with places as paths from the top of the document they are in. */
export function findProblems({ spec, platform }: PipelineDocument): FoundProblem[] {
  const found: FoundProblem[] = [];
  const report: Report = (path, message, details = {}) => found.push({ where: 'pipeline', path, message, ...details });
  checkRoot(spec, report);
  const reachable = reachableComponents(spec);
  checkComponent({ spec, name: undefined, component: spec.root, path: ['root'] }, report);
  for (const [name, component] of Object.entries(spec.components)) {
    const scope: ComponentScope = { spec, name, component, path: ['components', name] };
    // What no task uses never runs: a mistake in it does not stop the pipeline.
    if (reachable.has(name)) checkComponent(scope, report);
    else checkComponent(scope, (path, message, details) => report(path, message, { ...details, severity: 'warning' }));
  }
  const cycle = findCycle([...reachable], (name) => componentsUsedBy(spec.components[name]!));
  if (cycle) report(['components', cycle[0]!], `the component calls itself: ${cycle.join(' → ')}`);
  for (const label of Object.keys(platform.executors)) {
    if (Object.hasOwn(spec.executors, label)) continue;
    const path = ['platforms', 'kubernetes', 'deploymentSpec', 'executors', label];
    found.push({
      where: 'platform',
      path,
      message: `there is no executor "${label}"`,
      severity: 'warning',
      hint: didYouMean(label, spec.executors),
    });
  }
  return found;
}

/** The semantic problems of a document; paths are texts and there are no lines (readPipelineDocument gives those). */
export function checkDocument(document: PipelineDocument): Problem[] {
  return findProblems(document).map(({ path, message, hint, severity }) => ({
    path: formatPath(path),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(severity === 'warning' ? { severity: 'warning' as const } : {}),
  }));
}

function checkRoot(spec: PipelineSpec, report: Report): void {
  if (spec.root.executorLabel !== undefined) {
    report(['root', 'executorLabel'], 'the root of a pipeline is a DAG, not an executor', { hint: 'Give root.dag.' });
  } else if (!spec.root.dag || Object.keys(spec.root.dag.tasks).length === 0) {
    report(['root', 'dag', 'tasks'], 'the pipeline has no tasks');
  }
}

function checkComponent(scope: ComponentScope, report: Report): void {
  const { spec, component, path } = scope;
  const { dag, executorLabel } = component;
  if (dag) checkDag(scope, dag, report);
  else if (executorLabel === undefined) {
    if (scope.name !== undefined) report(path, 'the component has neither dag nor executorLabel');
  } else if (!Object.hasOwn(spec.executors, executorLabel)) {
    report([...path, 'executorLabel'], `executor with label "${executorLabel}" not found`, {
      hint: didYouMean(executorLabel, spec.executors),
    });
  } else {
    checkExecutor(scope, executorLabel, spec.executors[executorLabel]!, report);
  }
}

function checkExecutor(scope: ComponentScope, label: string, executor: ExecutorSpec, report: Report): void {
  const { component, path } = scope;
  const place = ['deploymentSpec', 'executors', label];
  switch (executor.kind) {
    case 'container':
      if (executor.container.image === '')
        report([...place, 'container', 'image'], 'the container has no image', { severity: 'warning' });
      checkPlaceholders(scope, executor.container, [...place, 'container'], report);
      return;
    case 'importer': {
      const outputs = Object.keys(component.outputDefinitions.artifacts).length;
      if (outputs !== 1)
        report(
          [...path, 'outputDefinitions', 'artifacts'],
          `an importer has exactly one output artifact, this one has ${outputs}`,
        );
      return;
    }
    case 'resolver':
      return;
    case 'customJob':
      report([...place, 'customJob'], "custom job executors is Google Cloud only, it's not supported", { severity: 'warning' });
  }
}

function checkDag(scope: ComponentScope, dag: DagSpec, report: Report): void {
  for (const [key, task] of Object.entries(dag.tasks))
    checkTask({ ...scope, dag, key, task, path: [...scope.path, 'dag', 'tasks', key] }, report);
  const cycle = findCycle(Object.keys(dag.tasks), (key) => dependenciesOf(dag, key));
  if (cycle) report([...scope.path, 'dag', 'tasks', cycle[0]!], `tasks wait for each other: ${cycle.join(' → ')}`);
  checkDagOutputs(scope, dag, report);
}

/** Everything a task waits for: named dependencies and the producers of its inputs; unknown ones left out. */
function dependenciesOf(dag: DagSpec, key: string): string[] {
  const { dependentTasks, inputs } = dag.tasks[key]!;
  const producers = [...Object.values(inputs.parameters), ...Object.values(inputs.artifacts)].flatMap((source) =>
    'producerTask' in source ? [source.producerTask] : [],
  );
  return [...dependentTasks, ...producers].filter((name) => Object.hasOwn(dag.tasks, name));
}

function componentsUsedBy(component: ComponentSpec): string[] {
  return Object.values(component.dag?.tasks ?? {}).map(({ componentName }) => componentName);
}

/** Names of the components that a task of the pipeline uses, directly or through others. */
export function reachableComponents(spec: PipelineSpec): Set<string> {
  const reached = new Set<string>();
  const waiting = componentsUsedBy(spec.root);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name) || !Object.hasOwn(spec.components, name)) continue;
    reached.add(name);
    waiting.push(...componentsUsedBy(spec.components[name]!));
  }
  return reached;
}
