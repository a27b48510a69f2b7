import { Artifact, collect, forEach, int, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const writeArtifact = python({
  source: `
    def write_artifact(index: int, out: Output[Artifact]):
        open(out.path, 'w').write(str(index))`,
  inputs: { index: int },
  outputs: { out: Artifact },
});
const readAndJoin = python({
  source: `
    def read_and_join(artifacts: Input[List[Artifact]]) -> str:
        return ','.join(open(artifact.path).read() for artifact in artifacts)`,
  inputs: { artifacts: Artifact.list() },
  outputs: { Output: string },
});

export default pipeline({ name: 'pipeline-with-collected-artifacts' }, () => {
  const written = forEach([0, 1, 2], (index) => writeArtifact({ index }).output);
  return readAndJoin({ artifacts: collect(written) }).output;
});
