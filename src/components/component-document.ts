import type { ComponentSpec, PipelineDocument, PipelineSpec, TaskSpec } from '../ir/spec.ts';
import type { IrFragment } from './loaded-component.ts';

const SCHEMA_VERSION = '2.1.0';

/**
 * A component as a document of its own, which can be run or saved: its pipeline has the interface of the component and one task,
 * as the 2.x SDK saves a component. A component that is a pipeline already stays one.
 */
export function componentDocument(fragment: IrFragment, description?: string): PipelineDocument {
  const { name, component, executor, components, executors, platform } = fragment;
  const pipelineInfo = { name, ...(description === undefined ? {} : { description }) };
  const shared = { pipelineInfo, schemaVersion: SCHEMA_VERSION };
  const spec: PipelineSpec =
    executor === undefined
      ? { ...shared, root: component, components, executors }
      : {
          ...shared,
          root: aroundTask(component, name),
          components: { [`comp-${name}`]: component },
          executors: { [component.executorLabel ?? `exec-${name}`]: executor },
        };
  return { spec, platform, defaultArguments: {} };
}

function aroundTask(component: ComponentSpec, name: string): ComponentSpec {
  const { executorLabel: _, ...definitions } = component;
  const { parameters, artifacts } = component.outputDefinitions;
  return {
    ...definitions,
    taskConfigPassthroughs: [],
    dag: {
      tasks: { [name]: onlyTask(component, name) },
      outputs: {
        parameters: mapKeys(parameters, (key) => ({
          kind: 'parameter' as const,
          selector: { producerSubtask: name, outputParameterKey: key },
        })),
        artifacts: mapKeys(artifacts, (key) => ({ artifactSelectors: [{ producerSubtask: name, outputArtifactKey: key }] })),
      },
    },
  };
}

function onlyTask({ inputDefinitions }: ComponentSpec, name: string): TaskSpec {
  const fromPipeline = (key: string) => ({ kind: 'componentInput' as const, name: key });
  return {
    displayName: name,
    componentName: `comp-${name}`,
    inputs: {
      parameters: mapKeys(inputDefinitions.parameters, fromPipeline),
      artifacts: mapKeys(inputDefinitions.artifacts, fromPipeline),
    },
    dependentTasks: [],
    caching: { enabled: true },
    trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED' },
  };
}

function mapKeys<Value>(record: Readonly<Record<string, unknown>>, value: (key: string) => Value): Record<string, Value> {
  return Object.fromEntries(Object.keys(record).map((key) => [key, value(key)]));
}
