import { component, ifPresent, pipeline, string } from '../../../src/sdk/pipewright.ts';

const echo = component({
  name: 'component-with-optional-inputs',
  image: 'ghcr.io/containerd/busybox',
  inputs: { required_input: string, optional_input_1: string.optional(), optional_input_2: string.optional() },
  command: ['echo'],
  args: ({ inputs }) => [
    '--arg0',
    inputs.required_input,
    ifPresent(inputs.optional_input_1, ['--arg1', inputs.optional_input_1]),
    ifPresent(inputs.optional_input_2, ['--arg2', inputs.optional_input_2], ['--arg2', 'default value']),
  ],
});

export default pipeline(
  { name: 'one-step-pipeline-with-if-placeholder-supply-none', inputs: { input0: string.default('input0') } },
  ({ input0 }) => {
    echo({ required_input: input0 });
  },
);
