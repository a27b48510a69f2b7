import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const comp = python({
  source: `
    def comp():
        import os
        print(os.environ['USER_NAME'])`,
});
const generateSecretName = python({
  source: `
    def generate_secret_name() -> NamedTuple('Outputs', [('some_output', str)]):
        return ('test-secret-3',)`,
  outputs: { some_output: string },
});

export default pipeline(
  { name: 'pipeline-secret-env', inputs: { secret_parm: string.default('test-secret-1') } },
  ({ secret_parm }) => {
    const generated = generateSecretName();
    comp().kubernetes((pod) =>
      pod
        .secretEnv(secret_parm, { username: 'USER_NAME' })
        .secretEnv('test-secret-2', { password: 'PASSWORD_VAR1' })
        .secretEnv(generated.outputs.some_output, { password: 'PASSWORD_VAR2' }),
    );
  },
);
