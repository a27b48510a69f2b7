/** A pipeline of two steps with typed parameters, one with a default; as JSON, which is YAML too. */
export function adderPipeline(name = 'adder'): string {
  const component = {
    executorLabel: 'exec-add',
    inputDefinitions: { parameters: { a: { parameterType: 'NUMBER_INTEGER' }, b: { parameterType: 'NUMBER_INTEGER' } } },
    outputDefinitions: {
      parameters: { Output: { parameterType: 'NUMBER_INTEGER' } },
      artifacts: { report: { artifactType: { schemaTitle: 'system.Metrics', schemaVersion: '0.0.1' } } },
    },
  };
  const script =
    'mkdir -p "$(dirname "$2")" "$(dirname "$3")"; echo "adding $0 and $1"; echo $(( $0 + $1 )) > "$2"; echo "{}" > "$3"';
  const container = {
    image: 'busybox',
    command: ['sh', '-c', script],
    args: [
      "{{$.inputs.parameters['a']}}",
      "{{$.inputs.parameters['b']}}",
      "{{$.outputs.parameters['Output'].output_file}}",
      "{{$.outputs.artifacts['report'].path}}",
    ],
  };
  return JSON.stringify({
    pipelineInfo: { name, description: 'adds' },
    schemaVersion: '2.1.0',
    sdkVersion: 'kfp-2.17.3',
    root: {
      dag: {
        tasks: {
          first: {
            componentRef: { name: 'comp-add' },
            taskInfo: { name: 'first' },
            cachingOptions: { enableCache: true },
            inputs: { parameters: { a: { componentInputParameter: 'x' }, b: { componentInputParameter: 'y' } } },
          },
          second: {
            componentRef: { name: 'comp-add' },
            taskInfo: { name: 'second' },
            cachingOptions: { enableCache: true },
            dependentTasks: ['first'],
            inputs: {
              parameters: {
                a: { taskOutputParameter: { producerTask: 'first', outputParameterKey: 'Output' } },
                b: { runtimeValue: { constant: 10 } },
              },
            },
          },
        },
      },
      inputDefinitions: {
        parameters: {
          x: { parameterType: 'NUMBER_INTEGER', description: 'the first summand' },
          y: { parameterType: 'NUMBER_INTEGER', defaultValue: 2, isOptional: true },
        },
      },
    },
    components: { 'comp-add': component },
    deploymentSpec: { executors: { 'exec-add': { container } } },
  });
}
