import { component, forEach, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const printOp1 = python({
  source: 'def print_op1(msg: str) -> str:\n    print(msg)\n    return msg',
  inputs: { msg: string },
  outputs: { Output: string },
});
const echo = (name: string) =>
  component({ name, image: 'alpine', inputs: { msg: string }, command: ({ inputs }) => ['echo', inputs.msg] });
const printOp2 = echo('print-op2');
const printOp = echo('print-op');

const inner = pipeline({ name: 'inner-pipeline', inputs: { msg: string } }, ({ msg }) => {
  const printed = printOp1({ msg }).output;
  when(printed.equals('Hello'), () => printOp2({ msg: 'world' }));
  when(printed.notEquals('Hello'), () => printOp({ msg: 'Bye!' }));
});

export default pipeline({ name: 'pipeline-in-pipeline-complex', inputs: { msg: string.default('Hello') } }, ({ msg }) => {
  printOp1({ msg });
  forEach(['Hello', 'world!'], (item) => inner({ msg: item }));
});
