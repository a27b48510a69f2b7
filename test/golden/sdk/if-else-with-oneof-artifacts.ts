import { Artifact, oneOf, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const flipCoin = python({ source: "def flip_coin() -> str:\n    return 'heads'", outputs: { Output: string } });
const paramToArtifact = python({
  source: `
    def param_to_artifact(val: str, a: Output[Artifact]):
        open(a.path, 'w').write(val)`,
  inputs: { val: string },
  outputs: { a: Artifact },
});
const printArtifact = python({
  source: 'def print_artifact(a: Input[Artifact]):\n    print(open(a.path).read())',
  inputs: { a: Artifact },
});

const flipCoinPipeline = pipeline({ name: 'flip-coin-pipeline' }, () => {
  const val = flipCoin().output;
  const heads = when(val.equals('heads'), () => paramToArtifact({ val }).output);
  const written = oneOf(heads.otherwise(() => paramToArtifact({ val }).output));
  printArtifact({ a: written });
  return written;
});

export default pipeline({ name: 'outer-pipeline' }, () => {
  printArtifact({ a: flipCoinPipeline().output });
});
