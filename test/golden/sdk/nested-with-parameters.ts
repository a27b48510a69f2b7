import { collect, forEach, int, listOf, pipeline, python } from '../../../src/sdk/pipewright.ts';

const double = python({ source: 'def double(num: int) -> int:\n    return 2 * num', inputs: { num: int }, outputs: { Output: int } });
const addTwoNums = python({
  source: 'def add_two_nums(x: int, y: int) -> int:\n    return x + y',
  inputs: { x: int, y: int },
  outputs: { Output: int },
});
const add = python({
  source: 'def add(nums: List[List[int]]) -> int:\n    return sum(sum(row) for row in nums)',
  inputs: { nums: listOf(listOf(int)) },
  outputs: { Output: int },
});

export default pipeline({ name: 'math-pipeline' }, () => {
  const sums = collect(
    forEach([1, 2, 3], (x) =>
      forEach([1, 2, 3], (y) => {
        const first = double({ num: x });
        const second = double({ num: y });
        return addTwoNums({ x: first.output, y: second.output }).output;
      }),
    ),
  );
  add({ nums: sums });
  return sums;
});
