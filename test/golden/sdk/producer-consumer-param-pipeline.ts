import { component, pipeline, string } from '../../../src/sdk/pipewright.ts';

const producer = component({
  name: 'producer',
  image: 'registry.access.redhat.com/ubi9/python-311:latest',
  inputs: { input_text: string },
  outputs: { output_value: string },
  command: ({ inputs, outputs }) => [
    'sh',
    '-c',
    'set -e -x\nmkdir -p "$(dirname "$1")"\necho "$0, this is an output parameter" > "$1"\n',
    inputs.input_text,
    outputs.output_value.path,
  ],
});
const consumer = component({
  name: 'consumer',
  image: 'registry.access.redhat.com/ubi9/python-311:latest',
  inputs: { input_value: string },
  command: ({ inputs }) => [
    'sh',
    '-c',
    'set -e -x\necho "Read from an input parameter: " && echo "$0"\n',
    inputs.input_value,
  ],
});

export default pipeline(
  { name: 'producer-consumer-param-pipeline', inputs: { text: string.default('Hello world') } },
  ({ text }) => {
    consumer({ input_value: producer({ input_text: text }).output });
  },
);
