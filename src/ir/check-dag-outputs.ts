/** Checks what a DAG hands out: every selector must name a task in it and an output of that task. */
import { type ComponentScope, didYouMean, type Report } from './check-scope.ts';
import type { Path } from './problem-list.ts';
import type { DagSpec } from './spec.ts';

export function checkDagOutputs(scope: ComponentScope, dag: DagSpec, report: Report): void {
  const { component, path } = scope;
  for (const group of ['parameters', 'artifacts'] as const) {
    const declared = component.outputDefinitions[group];
    for (const [name, selectors] of selectorsOf(dag, group)) {
      const place: Path = [...path, 'dag', 'outputs', group, name];
      if (!Object.hasOwn(declared, name)) {
        const message = `the component does not declare an output ${group === 'parameters' ? 'parameter' : 'artifact'} "${name}"`;
        report(place, message, { severity: 'warning', hint: didYouMean(name, declared) });
      }
      if (selectors.length === 0) report(place, 'it does not say which task the value is from');
      for (const { producer, key } of selectors) checkProducer(scope, dag, { place, group, producer, key }, report);
    }
    for (const name of Object.keys(declared)) {
      if (Object.hasOwn(dag.outputs[group], name)) continue;
      const message = `output "${name}" is declared, but no task of the DAG provides it`;
      report([...path, 'outputDefinitions', group, name], message, { severity: 'warning' });
    }
  }
}

function selectorsOf(dag: DagSpec, group: 'parameters' | 'artifacts'): [string, { producer: string; key: string }[]][] {
  if (group === 'artifacts') {
    return Object.entries(dag.outputs.artifacts).map(([name, { artifactSelectors }]) => [
      name,
      artifactSelectors.map(({ producerSubtask, outputArtifactKey }) => ({ producer: producerSubtask, key: outputArtifactKey })),
    ]);
  }
  return Object.entries(dag.outputs.parameters).map(([name, output]) => [
    name,
    (output.kind === 'oneof' ? output.selectors : [output.selector]).map(({ producerSubtask, outputParameterKey }) => ({
      producer: producerSubtask,
      key: outputParameterKey,
    })),
  ]);
}

export interface ProducerUse {
  readonly place: Path;
  readonly group: 'parameters' | 'artifacts';
  readonly producer: string;
  readonly key: string;
}

/** An output of a task that is read somewhere: both must exist. */
export function checkProducer(
  { spec }: ComponentScope,
  dag: DagSpec,
  { place, group, producer, key }: ProducerUse,
  report: Report,
): void {
  if (!Object.hasOwn(dag.tasks, producer)) {
    report(place, `unknown producer task "${producer}" in DAG`, { hint: didYouMean(producer, dag.tasks) });
    return;
  }
  const { componentName } = dag.tasks[producer]!;
  if (!Object.hasOwn(spec.components, componentName)) return; // Reported where the task is.
  const outputs = spec.components[componentName]!.outputDefinitions[group];
  if (Object.hasOwn(outputs, key)) return;
  const what = group === 'parameters' ? 'parameter' : 'artifact';
  report(place, `cannot find output ${what} key "${key}" in producer task "${producer}"`, { hint: didYouMean(key, outputs) });
}
