import { artifactType, importer, pipeline, python } from '../../../src/sdk/pipewright.ts';

const VertexModel = artifactType('google.VertexModel', '0.0.0');
const VertexDataset = artifactType('google.VertexDataset', '0.0.0');

const modelProducer = python({
  source: "def model_producer(model: Output[VertexModel]):\n    open(model.path, 'w').write('m')",
  preamble: 'from aiplatform import VertexModel, VertexDataset',
  packagesToInstall: ['aiplatform'],
  outputs: { model: VertexModel },
});
const modelConsumer = python({
  source: 'def model_consumer(model: Input[VertexModel], dataset: Input[VertexDataset]):\n    print(model.uri, dataset.uri)',
  preamble: 'from aiplatform import VertexModel, VertexDataset',
  packagesToInstall: ['aiplatform'],
  inputs: { model: VertexModel, dataset: VertexDataset },
});

export default pipeline({ name: 'pipeline-with-google-types' }, () => {
  const produced = modelProducer();
  const imported = importer({
    uri: 'gs://ml-pipeline-playground/shakespeare1.txt',
    type: VertexDataset,
    metadata: { key: 'value' },
  });
  modelConsumer({ model: produced.output, dataset: imported.output });
});
