import { Dataset, pipeline, python } from '../../../src/sdk/pipewright.ts';

const inputArtifact = python({
  source: 'def input_artifact(data: Input[Dataset]):\n    print(data.uri)',
  inputs: { data: Dataset },
});

export default pipeline({ name: 'input-artifact', inputs: { data: Dataset } }, ({ data }) => {
  inputArtifact({ data });
});
