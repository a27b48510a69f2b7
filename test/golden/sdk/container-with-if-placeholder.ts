import { component, Dataset, ifPresent, pipeline, string } from '../../../src/sdk/pipewright.ts';

const program = component({
  name: 'container-with-if-placeholder',
  image: 'registry.access.redhat.com/ubi9/python-311:latest',
  inputs: { optional_input: string.default('default') },
  outputs: { dataset: Dataset, output_path: string },
  command: ({ inputs, outputs }) => [
    'my_program',
    ifPresent(inputs.optional_input, [inputs.optional_input], ['bye']),
    '--dataset',
    ifPresent(inputs.optional_input, [outputs.dataset.uri], ['bye']),
  ],
  args: ({ outputs }) => ['--output_path', outputs.output_path.path],
});

export default pipeline(
  { name: 'container-with-if-placeholder', inputs: { optional_input: string.default('default') } },
  ({ optional_input }) => program({ optional_input }).outputs,
);
