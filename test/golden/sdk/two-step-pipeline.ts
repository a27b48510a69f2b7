import { Artifact, component, pipeline, string } from '../../../src/sdk/pipewright.ts';

const writeToGcs = component({
  name: 'write-to-gcs',
  image: 'google/cloud-sdk:slim',
  inputs: { text: string },
  outputs: { output_gcs_path: Artifact },
  command: ({ inputs, outputs }) => [
    'sh',
    '-c',
    'set -e -x\necho "$0" | gsutil cp - "$1"\n',
    inputs.text,
    outputs.output_gcs_path.uri,
  ],
});
const readFromGcs = component({
  name: 'read-from-gcs',
  image: 'google/cloud-sdk:slim',
  inputs: { input_gcs_path: Artifact },
  command: ({ inputs }) => ['sh', '-c', 'set -e -x\ngsutil cat "$0"\n', inputs.input_gcs_path.uri],
});

export default pipeline({ name: 'simple-two-step-pipeline', inputs: { text: string.default('Hello KFP!') } }, ({ text }) => {
  const written = writeToGcs({ text }).displayName('Producer');
  readFromGcs({ input_gcs_path: written.output }).displayName('Consumer');
});
