import { Dataset, importer, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const baseImage = 'registry.access.redhat.com/ubi9/python-311:latest';
const writeFile = python({
  source: "def write_file_artifact(out_ds: Output[Dataset]):\n    open(out_ds.path, 'w').write('x')",
  baseImage,
  outputs: { out_ds: Dataset },
});
const writeDir = python({
  source: 'def write_dir_artifact(out_ds: Output[Dataset]):\n    import os; os.makedirs(out_ds.path)',
  baseImage,
  outputs: { out_ds: Dataset },
});
const getUri = python({
  source: 'def get_uri(d: Input[Dataset]) -> str:\n    return d.uri',
  baseImage,
  inputs: { d: Dataset },
  outputs: { Output: string },
});
const train = python({
  source: `
    def train(dataset: Input[Dataset]) -> NamedTuple('Outputs', [('scalar', str), ('message', str)]):
        return ('1', 'done')`,
  baseImage,
  inputs: { dataset: Dataset },
  outputs: { scalar: string, message: string },
});
const readDir = python({
  source: 'def read_dir(data: Input[Dataset]) -> str:\n    return data.path',
  baseImage,
  inputs: { data: Dataset },
  outputs: { Output: string },
});

const workspace = { size: '1Gi', accessModes: ['ReadWriteOnce'], storageClass: 'standard' };
const importStage = pipeline(
  { name: 'import-stage', inputs: { file_uri: string, dir_uri: string }, workspace },
  ({ file_uri, dir_uri }) => {
    const file = importer({ uri: file_uri, type: Dataset, metadata: { key: 'value' }, downloadToWorkspace: true });
    const trained = train({ dataset: file.output });
    const folder = importer({
      uri: dir_uri,
      type: Dataset,
      reimport: true,
      metadata: { source: 'directory' },
      downloadToWorkspace: true,
    });
    return { train_result: trained.outputs.scalar, dir_result: readDir({ data: folder.output }).output };
  },
);

export default pipeline(
  {
    name: 'pipeline-with-importer-workspace',
    description: 'Importer downloads an artifact into workspace; downstream reads it',
    workspace,
  },
  () => {
    const file_uri = getUri({ d: writeFile().output }).output;
    const dir_uri = getUri({ d: writeDir().output }).output;
    const { train_result, dir_result } = importStage({ file_uri, dir_uri }).outputs;
    return { train_result, dir_result };
  },
);
