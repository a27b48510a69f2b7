import { forEach, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const exampleComponent = python({
  source: `
    def example_component(item: str) -> str:
        return item`,
  inputs: { item: string },
  outputs: { Output: string },
});

export default pipeline(
  {
    name: 'pipeline-2-parallel-for-secret',
    description: 'Pipeline with 1 component inside ParallelFor using use_secret_as_env.',
    inputs: { my_secret_name: string.default('test-secret-1') },
  },
  ({ my_secret_name }) => {
    forEach(
      ['a', 'b', 'c'],
      (item) => {
        exampleComponent({ item }).kubernetes((pod) => pod.secretEnv(my_secret_name, { username: 'MY_SECRET_KEY' }));
      },
      { parallelism: 1 },
    );
  },
);
