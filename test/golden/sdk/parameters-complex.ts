import { collect, forEach, int, listOf, pipeline, python } from '../../../src/sdk/pipewright.ts';

const double = python({ source: 'def double(num: int) -> int:\n    return 2 * num', inputs: { num: int }, outputs: { Output: int } });
const simpleAdd = python({
  source: 'def simple_add(nums: List[int]) -> int:\n    return sum(nums)',
  inputs: { nums: listOf(int) },
  outputs: { Output: int },
});
const nestedAdd = python({
  source: 'def nested_add(nums: List[List[int]]) -> int:\n    return sum(sum(row) for row in nums)',
  inputs: { nums: listOf(listOf(int)) },
  outputs: { Output: int },
});
const addTwoNumbers = python({
  source: 'def add_two_numbers(x: List[int], y: List[int]) -> int:\n    return sum(x) + sum(y)',
  inputs: { x: listOf(int), y: listOf(int) },
  outputs: { Output: int },
});

export default pipeline({ name: 'math-pipeline' }, () => {
  const doubled = forEach([1, 2, 3], (x) => {
    const outer = double({ num: x }).output;
    const inner = forEach([4, 5, 6], (y) => double({ num: y }).output);
    simpleAdd({ nums: collect(inner) });
    return { outer, inner };
  });
  const { outer, inner } = collect(doubled);
  nestedAdd({ nums: inner });
  const added = collect(
    forEach([0, 0, 0], () => ({ simple: simpleAdd({ nums: outer }).output, nested: nestedAdd({ nums: inner }).output })),
  );
  return addTwoNumbers({ x: added.simple, y: added.nested }).output;
});
