import { component, concat, Dataset, pipeline, string } from '../../../src/sdk/pipewright.ts';

const program = component({
  name: 'container-with-concat-placeholder',
  image: 'registry.access.redhat.com/ubi9/python-311:latest',
  inputs: { text1: string },
  outputs: { text2: Dataset, output_path: string },
  command: ({ inputs, outputs }) => ['my_program', concat('prefix-', inputs.text1, outputs.text2.uri)],
  args: ({ outputs }) => ['--output_path', outputs.output_path.path],
});

export default pipeline({ name: 'container-with-concat-placeholder', inputs: { text1: string } }, ({ text1 }) => {
  return program({ text1 }).outputs;
});
