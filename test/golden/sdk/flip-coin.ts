import { int, pipeline, python, string, text, when } from '../../../src/sdk/pipewright.ts';

const flipCoin = python({ source: "def flip_coin() -> str:\n    return 'heads'", outputs: { Output: string } });
const randomNum = python({
  source: 'def random_num(low: int, high: int) -> int:\n    return (low + high) // 2',
  inputs: { low: int, high: int },
  outputs: { Output: int },
});
const printMsg = python({ source: 'def print_msg(msg: str):\n    print(msg)', inputs: { msg: string } });

export default pipeline({ name: 'conditional-execution-pipeline', description: 'Shows how to use dsl.If().' }, () => {
  const flip = flipCoin().caching(false).output;
  when(flip.equals('heads'), () => {
    const number = randomNum({ low: 0, high: 9 }).caching(false).output;
    when(number.greaterThan(5), () => printMsg({ msg: text`heads and ${number} > 5!` }).caching(false));
    when(number.atMost(5), () => printMsg({ msg: text`heads and ${number} <= 5!` }).caching(false));
  });
  when(flip.equals('tails'), () => {
    const number = randomNum({ low: 10, high: 19 }).caching(false).output;
    when(number.greaterThan(15), () => printMsg({ msg: text`tails and ${number} > 15!` }).caching(false));
    when(number.atMost(15), () => printMsg({ msg: text`tails and ${number} <= 15!` }).caching(false));
  });
});
