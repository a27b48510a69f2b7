import { Artifact, collect, Dataset, forEach, listOf, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const makeArtifact = python({
  source: `
    def make_artifact(data: str) -> Artifact:
        artifact = Artifact(uri=dsl.get_uri())
        open(artifact.path, 'w').write(data)
        return artifact`,
  inputs: { data: string },
  outputs: { Output: Artifact },
});
const makeDataset = python({
  source: `
    def make_dataset(data: str) -> Dataset:
        dataset = Dataset(uri=dsl.get_uri())
        open(dataset.path, 'w').write(data)
        return dataset`,
  inputs: { data: string },
  outputs: { Output: Dataset },
});
const printArtifactName = python({
  source: `
    def print_artifact_name(artifact: Artifact) -> str:
        return artifact.name`,
  inputs: { artifact: Artifact },
  outputs: { Output: string },
});

const texts = listOf(string).default(['Hello', ',', ' ', 'world!']);
const makeArtifacts = pipeline({ name: 'make-artifacts', inputs: { texts } }, (inputs) =>
  collect(forEach(inputs.texts, (data) => makeArtifact({ data }).output)),
);
const makeDatasets = pipeline({ name: 'make-datasets', inputs: { texts } }, (inputs) =>
  collect(forEach(inputs.texts, (data) => makeDataset({ data }).output)),
);

export default pipeline({ name: 'pipeline-parallelfor-artifacts' }, () => {
  const artifacts = makeArtifacts().output;
  forEach(artifacts, (artifact) => printArtifactName({ artifact }));
  const datasets = makeDatasets().output;
  forEach(datasets, (artifact) => printArtifactName({ artifact }));
});
