import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const flaky = python({
  source: `
    def flaky(counter_path: str) -> str:
        return counter_path`,
  inputs: { counter_path: string },
  outputs: { Output: string },
});

export default pipeline({ name: 'pipeline-with-retry', inputs: { counter_path: string } }, ({ counter_path }) => {
  return flaky({ counter_path }).retry({ limit: 3, factor: 1 }).output;
});
