import { type Channel, Dataset, type Embedded, importer, int, pipeline, python, string, text } from '../../../src/sdk/pipewright.ts';

const makeName = python({
  source: 'def make_name(name: str) -> str:\n    return name',
  inputs: { name: string },
  outputs: { Output: string },
});
const image = 'us-docker.pkg.dev/vertex-ai/prediction/tf2-gpu.2-5:latest';
const shakespeare = 'gs://ml-pipeline-playground/shakespeare1.txt';

export default pipeline(
  {
    name: 'pipeline-with-importer',
    inputs: {
      name: string.default('default-name'),
      int_input: int.default(1),
      pipeline_input_artifact_uri: string.default(shakespeare),
      pipeline_input_image_uri: string.default(image),
    },
  },
  ({ name, int_input, pipeline_input_artifact_uri, pipeline_input_image_uri }) => {
    importer({
      uri: pipeline_input_artifact_uri,
      type: Dataset,
      metadata: { name: [name, 'alias-name'], containerSpec: { imageUri: pipeline_input_image_uri } },
    });
    const made = makeName({ name: 'a-different-name' }).output;
    importer({
      uri: shakespeare,
      type: Dataset,
      metadata: new Map<string | Channel<string>, Embedded>([
        ['name', text`prefix-${made}`],
        ['list-of-data', [made, name, int_input]],
        [made, made],
        [name, image],
        ['containerSpec', { imageUri: image }],
      ]),
    });
  },
);
