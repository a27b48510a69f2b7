import { Artifact, component, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const printOp1 = python({
  source: `
    def print_op1(msg: str) -> str:
        print(msg)
        return msg`,
  inputs: { msg: string },
  outputs: { Output: string },
});
const printOp2 = component({
  name: 'print-op2',
  image: 'alpine',
  inputs: { msg: string },
  outputs: { data: Artifact },
  command: ['sh', '-c', 'mkdir --parents $(dirname "$1") && echo "$0" > "$1"'],
  args: ({ inputs, outputs }) => [inputs.msg, outputs.data.path],
});

const inner = pipeline({ name: 'inner-pipeline', inputs: { msg: string } }, ({ msg }) => {
  const first = printOp1({ msg });
  const second = printOp2({ msg: first.output });
  return { msg: first.output, data: second.output };
});

export default pipeline({ name: 'pipeline-in-pipeline', inputs: { msg: string.default('Hello') } }, ({ msg }) => {
  printOp1({ msg });
  return inner({ msg: 'world' }).outputs.data;
});
