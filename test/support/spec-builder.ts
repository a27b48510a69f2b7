/** Builds pipeline documents in normal form, with everything defaulted, for tests that are about the engine. */
import type {
  ComponentSpec,
  ExecutorSpec,
  OutputParameterDefinition,
  ParameterDefinition,
  ParameterType,
  PipelineDocument,
  TaskSpec,
} from '../../src/ir/spec.ts';

export const NO_IO: Pick<ComponentSpec, 'inputDefinitions' | 'outputDefinitions' | 'taskConfigPassthroughs'> = {
  inputDefinitions: { parameters: {}, artifacts: {} },
  outputDefinitions: { parameters: {}, artifacts: {} },
  taskConfigPassthroughs: [],
};

export function param(parameterType: ParameterType, more: Partial<ParameterDefinition> = {}): ParameterDefinition {
  return { parameterType, isOptional: false, ...more };
}

export function task(componentName: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return {
    componentName,
    inputs: { parameters: {}, artifacts: {} },
    dependentTasks: [],
    caching: { enabled: false },
    trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED' },
    ...more,
  };
}

export function dag(
  tasks: Readonly<Record<string, TaskSpec>>,
  more: {
    readonly inputs?: Readonly<Record<string, ParameterDefinition>>;
    readonly outputs?: Readonly<Record<string, { readonly type: ParameterType; readonly from: readonly [string, string] }>>;
  } = {},
): ComponentSpec {
  const outputs = Object.entries(more.outputs ?? {});
  return {
    ...NO_IO,
    inputDefinitions: { parameters: more.inputs ?? {}, artifacts: {} },
    outputDefinitions: {
      parameters: Object.fromEntries(outputs.map(([name, { type }]) => [name, { parameterType: type }])),
      artifacts: {},
    },
    dag: {
      tasks,
      outputs: {
        parameters: Object.fromEntries(
          outputs.map(([name, { from }]) => [
            name,
            { kind: 'parameter' as const, selector: { producerSubtask: from[0], outputParameterKey: from[1] } },
          ]),
        ),
        artifacts: {},
      },
    },
  };
}

export function step(
  executorLabel: string,
  io: {
    readonly inputs?: Readonly<Record<string, ParameterDefinition>>;
    readonly outputs?: Readonly<Record<string, OutputParameterDefinition>>;
  } = {},
): ComponentSpec {
  return {
    ...NO_IO,
    inputDefinitions: { parameters: io.inputs ?? {}, artifacts: {} },
    outputDefinitions: { parameters: io.outputs ?? {}, artifacts: {} },
    executorLabel,
  };
}

export function container(command: readonly string[], args: readonly string[] = []): ExecutorSpec {
  return { kind: 'container', container: { image: 'host', command, args, env: [] } };
}

export function pipelineDocument(
  root: ComponentSpec,
  components: Readonly<Record<string, ComponentSpec>>,
  executors: Readonly<Record<string, ExecutorSpec>>,
  name = 'test-pipeline',
): PipelineDocument {
  return {
    spec: { pipelineInfo: { name }, schemaVersion: '2.1.0', root, components, executors },
    platform: { executors: {}, pipelineConfig: {} },
    defaultArguments: {},
  };
}
