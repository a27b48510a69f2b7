import { component, pipeline, python } from '../../../src/sdk/pipewright.ts';

const printEnvOp = python({
  source: `
    def print_env_op():
        import os
        print(os.environ['ENV1'])`,
});
const printEnv = component({
  name: 'print-env',
  image: 'alpine',
  command: ['sh', '-c', 'set -e -x\necho "$ENV1"\necho "$ENV2"\necho "$ENV3"\n'],
  env: { ENV1: 'val0', ENV2: 'val0' },
});

export default pipeline({ name: 'pipeline-with-env' }, () => {
  printEnvOp().env({ ENV1: 'val1' });
  printEnv().env({ ENV2: 'val2', ENV3: 'val3' });
});
