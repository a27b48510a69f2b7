import type { ComponentSpec } from '../../ir/spec.ts';
import type { IrFragment } from '../loaded-component.ts';
import { irComponentName } from '../port-names.ts';
import type { PythonInput, PythonPort } from './python-interface.ts';

/** A Python function inside an image that was built for it: the SDK's executor in the image finds it by its name. */
export function pythonFragment(
  functionName: string,
  image: string,
  ports: { readonly inputs: readonly PythonInput[]; readonly outputs: readonly PythonPort[] },
): IrFragment {
  const name = irComponentName(functionName);
  const component: ComponentSpec = {
    inputDefinitions: { parameters: inputParameters(ports.inputs), artifacts: inputArtifacts(ports.inputs) },
    outputDefinitions: { parameters: outputParameters(ports.outputs), artifacts: outputArtifacts(ports.outputs) },
    executorLabel: `exec-${name}`,
    taskConfigPassthroughs: [],
  };
  const command = ['python3', '-m', 'kfp.dsl.executor_main'];
  const args = ['--executor_input', '{{$}}', '--function_to_execute', functionName];
  return {
    name,
    component,
    executor: { kind: 'container', container: { image, command, args, env: [] } },
    components: {},
    executors: {},
    platform: { executors: {}, pipelineConfig: {} },
    fileOutputs: {},
  };
}

function inputParameters(inputs: readonly PythonInput[]): ComponentSpec['inputDefinitions']['parameters'] {
  return Object.fromEntries(
    inputs.flatMap((input) => {
      if (input.kind !== 'parameter') return [];
      const { parameterType, isOptional, defaultValue } = input;
      return [
        [input.name, { parameterType, isOptional, ...(defaultValue === undefined ? {} : { defaultValue }), ...described(input) }],
      ];
    }),
  );
}

function inputArtifacts(inputs: readonly PythonInput[]): ComponentSpec['inputDefinitions']['artifacts'] {
  return Object.fromEntries(
    inputs.flatMap((input) => {
      if (input.kind !== 'artifact') return [];
      const { artifactType, isArtifactList, isOptional } = input;
      return [[input.name, { artifactType, isArtifactList, isOptional, ...described(input) }]];
    }),
  );
}

function outputParameters(outputs: readonly PythonPort[]): ComponentSpec['outputDefinitions']['parameters'] {
  return Object.fromEntries(
    outputs.flatMap((output) =>
      output.kind === 'parameter' ? [[output.name, { parameterType: output.parameterType, ...described(output) }]] : [],
    ),
  );
}

function outputArtifacts(outputs: readonly PythonPort[]): ComponentSpec['outputDefinitions']['artifacts'] {
  return Object.fromEntries(
    outputs.flatMap((output) => {
      if (output.kind !== 'artifact') return [];
      const { artifactType, isArtifactList } = output;
      return [[output.name, { artifactType, isArtifactList, metadata: {}, ...described(output) }]];
    }),
  );
}

function described({ description }: PythonPort): { readonly description?: string } {
  return description === undefined ? {} : { description };
}
