import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const echo = python({
  source: `
    def echo(message: str) -> str:
        return message`,
  inputs: { message: string },
  outputs: { Output: string },
});

export default pipeline(
  { name: 'pipeline-with-k8s-only-methods', inputs: { message: string.default('hello') } },
  ({ message }) =>
    echo({ message }).resources({
      cpuLimit: '1000m',
      memoryLimit: '256Mi',
      accelerator: { type: 'nvidia.com/gpu', count: 1 },
    }).output,
);
