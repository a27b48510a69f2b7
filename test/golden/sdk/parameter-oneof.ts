import { oneOf, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const flipCoin = python({ source: "def flip_coin() -> str:\n    return 'heads'", outputs: { Output: string } });
const coreComp = python({
  source: 'def core_comp(input: str) -> str:\n    return input',
  inputs: { input: string },
  outputs: { Output: string },
});
const coreOutputComp = python({
  source: `
    def core_output_comp(input: str, output_key: OutputPath(str)):
        open(output_key, 'w').write(input)`,
  inputs: { input: string },
  outputs: { output_key: string },
});
const crustComp = python({ source: 'def crust_comp(input: str):\n    print(input)', inputs: { input: string } });

const core = pipeline({ name: 'core' }, () => {
  const side = flipCoin().caching(false).output;
  return oneOf(
    when(side.equals('heads'), () => coreComp({ input: 'Got heads!' }).caching(false).output).otherwise(
      () => coreOutputComp({ input: 'Got tails!' }).caching(false).output,
    ),
  );
});
const mantle = pipeline({ name: 'mantle' }, () => core().caching(false).output);

export default pipeline({ name: 'parameter-oneof-pipeline' }, () => {
  crustComp({ input: mantle().caching(false).output }).caching(false);
});
