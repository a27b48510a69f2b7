import { forEach, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const printOp = python({
  source: `
    def print_op(message: str) -> str:
        return message`,
  inputs: { message: string },
  outputs: { Output: string },
});

export default pipeline({ name: 'loop-with-after-dependency-set' }, () => {
  const { result: inLoop } = forEach([1, 2, 3], () => printOp({ message: 'foo' }));
  printOp({ message: 'bar' }).after(inLoop);
  printOp({ message: 'baz' }).after(inLoop);
});
