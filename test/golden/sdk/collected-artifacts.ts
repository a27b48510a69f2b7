import { Artifact, collect, Dataset, forEach, listOf, Model, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const splitIds = python({
  source: "def split_ids(model_ids: str) -> list:\n    return model_ids.split(',')",
  inputs: { model_ids: string },
  outputs: { Output: listOf(string) },
});
const splitChars = python({
  source: "def split_chars(model_ids: str) -> list:\n    return model_ids.split(',')",
  inputs: { model_ids: string },
  outputs: { Output: listOf(string) },
});
const createFile = python({
  source: "def create_file(file: Output[Artifact], content: str):\n    open(file.path, 'w').write(content)",
  inputs: { content: string },
  outputs: { file: Artifact },
});
const readSingleFile = python({
  source: 'def read_single_file(file: Input[Artifact]) -> str:\n    return file.uri',
  inputs: { file: Artifact },
  outputs: { Output: string },
});
const createDataset = python({
  source: "def create_dataset(data: Output[Dataset], content: str):\n    open(data.path, 'w').write(content)",
  inputs: { content: string },
  outputs: { data: Dataset },
});
const readDatasets = python({
  source: 'def read_datasets(data: Input[List[Dataset]]) -> str:\n    return str(len(data))',
  inputs: { data: Dataset.list() },
  outputs: { Output: string },
});
const generateModel = python({
  source: `
    def read_single_dataset_generate_model(data: Input[Dataset], id: str, results: Output[Model]):
        open(results.path, 'w').write(id)`,
  inputs: { data: Dataset, id: string },
  outputs: { results: Model },
});
const readModels = python({
  source: 'def read_models(models: Input[List[Model]]) -> str:\n    return str(len(models))',
  inputs: { models: Model.list() },
  outputs: { Output: string },
});

const singleNodeDag = pipeline({ name: 'single-node-dag', inputs: { char: string } }, ({ char }) =>
  createDataset({ content: char }).caching(false).output,
);

const collectingArtifacts = pipeline(
  { name: 'collecting-artifacts', inputs: { model_ids: string.default(''), model_chars: string.default('') } },
  ({ model_ids, model_chars }) => {
    const ids = splitIds({ model_ids }).caching(false).output;
    const chars = splitChars({ model_ids: model_chars }).caching(false).output;
    const models = forEach(ids, (id) => {
      const file = createFile({ content: id }).caching(false).output;
      readSingleFile({ file }).caching(false);
      const inner = forEach(chars, (char) => {
        const data = singleNodeDag({ char }).caching(false).output;
        return { data, model: generateModel({ data, id }).caching(false).output };
      });
      const { data, model } = collect(inner);
      readModels({ models: model }).caching(false);
      readDatasets({ data }).caching(false);
      return model;
    });
    return collect(models);
  },
);

export default pipeline({ name: 'collected-artifact-pipeline' }, () => {
  const models = collectingArtifacts({ model_ids: 's1,s2,s3', model_chars: 'x,y,z' }).caching(false).output;
  readModels({ models }).caching(false);
});
