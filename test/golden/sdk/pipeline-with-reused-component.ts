import { int, pipeline, python } from '../../../src/sdk/pipewright.ts';

const addNumbers = python({
  source: `
    def add_numbers(a: int, b: int) -> int:
        return a + b`,
  inputs: { a: int, b: int },
  outputs: { Output: int },
});

export default pipeline(
  { name: 'pipeline-with-reused-component', inputs: { a: int.default(2), b: int.default(5) } },
  ({ a, b }) => {
    const first = addNumbers({ a, b: 3 });
    const second = addNumbers({ a: first.output, b });
    addNumbers({ a: second.output, b: 7 });
  },
);
