import { Artifact, component, pipeline, string } from '../../../src/sdk/pipewright.ts';

const program = component({
  name: 'container-with-placeholder-in-fstring',
  image: 'registry.access.redhat.com/ubi9/python-311:latest',
  inputs: { text1: string.default('text!') },
  outputs: { output_artifact: Artifact },
  command: ({ inputs, outputs }) => ['my_program', `prefix-${inputs.text1}`, `${outputs.output_artifact.uri}/0`],
});

export default pipeline(
  { name: 'container-with-placeholder-in-fstring', inputs: { text1: string.default('text!') } },
  ({ text1 }) => program({ text1 }).outputs,
);
