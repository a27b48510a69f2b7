import { component, pipeline, string } from '../../../src/sdk/pipewright.ts';

const containerIo = component({
  name: 'container-io',
  image: 'registry.access.redhat.com/ubi9/python-311:latest',
  inputs: { text: string },
  outputs: { output_path: string },
  command: ({ inputs }) => ['my_program', inputs.text],
  args: ({ outputs }) => ['--output_path', outputs.output_path.path],
});

export default pipeline({ name: 'container-io', inputs: { text: string } }, ({ text }) => {
  const { outputs } = containerIo({ text });
  return { output_path: outputs.output_path };
});
