import { collect, component, forEach, int, listOf, pipeline, python } from '../../../src/sdk/pipewright.ts';

const double = python({ source: 'def double(num: int) -> int:\n    return 2 * num', inputs: { num: int }, outputs: { Output: int } });
const add = python({
  source: 'def add(nums: List[int]) -> int:\n    return sum(nums)',
  inputs: { nums: listOf(int) },
  outputs: { Output: int },
});
const indent = ' '.repeat(12);
const addContainer = component({
  name: 'add-container',
  image: 'jetbrainsinfra/jq',
  inputs: { nums: listOf(int) },
  outputs: { sum: int },
  command: ['sh', '-c'],
  args: ({ inputs, outputs }) => [
    ['', 'set -ex', `mkdir -p $(dirname ${outputs.sum.path})`, `echo ${inputs.nums} | jq 'add' > ${outputs.sum.path}`, ''].join(
      `\n${indent}`,
    ),
  ],
});

export default pipeline({ name: 'math-pipeline' }, () => {
  const doubled = collect(forEach([1, 2, 3], (num) => double({ num }).output));
  add({ nums: doubled });
  addContainer({ nums: doubled });
  return doubled;
});
