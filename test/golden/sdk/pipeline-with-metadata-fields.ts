import { Dataset, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const strToDataset = python({
  source: "def str_to_dataset(string: str, dataset: Output[Dataset]):\n    open(dataset.path, 'w').write(string)",
  inputs: { string: string.describe('The string.') },
  outputs: { dataset: Dataset.describe('The dataset.') },
});
const datasetJoiner = python({
  source: `
    def dataset_joiner(dataset_a: Input[Dataset], dataset_b: Input[Dataset], out_dataset: Output[Dataset]) -> str:
        joined = open(dataset_a.path).read() + open(dataset_b.path).read()
        open(out_dataset.path, 'w').write(joined)
        return joined`,
  inputs: { dataset_a: Dataset.describe('First dataset.'), dataset_b: Dataset.describe('Second dataset.') },
  outputs: {
    out_dataset: Dataset.describe('The concatenated dataset.'),
    Output: string.describe('The concatenated string.'),
  },
});

export default pipeline(
  {
    name: 'dataset-concatenator',
    description: 'A pipeline that joins string to in_dataset.',
    inputs: {
      string: string.describe('String to concatenate to in_artifact.'),
      in_dataset: Dataset.describe('Dataset to which to concatenate string.'),
    },
    outputDescriptions: { Output: 'The final concatenated dataset.' },
  },
  (inputs) => {
    const first = strToDataset({ string: inputs.string }).output;
    return datasetJoiner({ dataset_a: first, dataset_b: inputs.in_dataset }).outputs.out_dataset;
  },
);
