import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const producer = python({
  source: `
    def producer() -> str:
        return 'written'`,
  outputs: { Output: string },
});
const consumer = python({
  source: `
    def consumer():
        print(open('/data/file.txt').read())`,
});

export default pipeline({ name: 'pvc-mount-pipeline', inputs: { pvc_name: string } }, ({ pvc_name }) => {
  const written = producer().kubernetes((pod) => pod.mountVolume(pvc_name, { path: '/data' }));
  consumer()
    .kubernetes((pod) => pod.mountVolume(pvc_name, { path: '/data' }))
    .after(written);
});
