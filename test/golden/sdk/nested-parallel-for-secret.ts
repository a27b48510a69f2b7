import { forEach, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const emitSecretName = python({
  source: `
    def emit_secret_name() -> str:
        return 'test-secret-1'`,
  outputs: { Output: string },
});
const workerComponent = python({
  source: `
    def worker_component(item: str) -> str:
        return item`,
  inputs: { item: string },
  outputs: { Output: string },
});

export default pipeline(
  {
    name: 'pipeline-4-nested-parallel-for-secret',
    description: 'Pipeline with outer task output used as secret name inside ParallelFor.',
  },
  () => {
    const secret = emitSecretName().output;
    forEach(
      ['x', 'y'],
      (item) => {
        workerComponent({ item }).kubernetes((pod) => pod.secretEnv(secret, { username: 'MY_SECRET_KEY' }));
      },
      { parallelism: 1 },
    );
  },
);
