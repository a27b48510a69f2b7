import { pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const flipCoin = python({ source: "def flip_coin_op() -> str:\n    return 'heads'", outputs: { Output: string } });
const print = python({ source: 'def print_op(msg: str):\n    print(msg)', inputs: { msg: string } });

export default pipeline({ name: 'single-condition-pipeline', inputs: { text: string.default('condition test') } }, (inputs) => {
  const first = flipCoin().caching(false);
  print({ msg: first.output });
  when(first.output.equals('heads'), () => {
    print({ msg: flipCoin().caching(false).output });
    print({ msg: inputs.text });
  });
});
