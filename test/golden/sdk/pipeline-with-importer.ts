import { Dataset, importer, Model, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const train = python({
  source: `
    def train(dataset: Input[Dataset]) -> NamedTuple('Outputs', [('scalar', str), ('model', Model)]):
        return ('123', dataset.uri)`,
  inputs: { dataset: Dataset },
  outputs: { scalar: string, model: Model },
});

export default pipeline(
  { name: 'pipeline-with-importer', inputs: { dataset2: string.default('gs://ml-pipeline-playground/shakespeare2.txt') } },
  ({ dataset2 }) => {
    const first = importer({
      uri: 'gs://ml-pipeline-playground/shakespeare1.txt',
      type: Dataset,
      metadata: { key: 'value' },
    });
    const trained = train({ dataset: first.output });
    when(trained.outputs.scalar.equals('123'), () => {
      train({ dataset: importer({ uri: dataset2, type: Dataset, reimport: true }).output });
    });
  },
);
