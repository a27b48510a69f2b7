import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const comp = python({
  source: `
    def comp():
        print(open('/mnt/my_vol/username').read())`,
});

export default pipeline(
  { name: 'pipeline-secret-volume', inputs: { secret_param: string.default('test-secret-1') } },
  ({ secret_param }) => {
    comp().kubernetes((pod) => pod.secretVolume(secret_param, { path: '/mnt/my_vol' }));
  },
);
