import { component, pipeline, string } from '../../../src/sdk/pipewright.ts';

const print = component({
  name: 'print-text',
  image: 'alpine',
  inputs: { text: string },
  command: ({ inputs }) => ['sh', '-c', 'set -e -x\necho "$0"\n', inputs.text],
});

export default pipeline({ name: 'pipeline-with-after' }, () => {
  const first = print({ text: '1st task' });
  const second = print({ text: '2nd task' }).after(first);
  print({ text: '3rd task' }).after(first, second);
});
