import { int, pipeline, python } from '../../../src/sdk/pipewright.ts';

const addNumbers = python({
  source: `
    def add_numbers(a: int, b: int) -> int:
        return a + b`,
  inputs: { a: int, b: int },
  outputs: { Output: int },
});

export default pipeline({ name: 'add-numbers', inputs: { a: int, b: int } }, ({ a, b }) => addNumbers({ a, b }).output);
