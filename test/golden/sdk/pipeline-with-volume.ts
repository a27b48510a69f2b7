import { createVolume, deleteVolume, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const producer = python({
  source: `
    def producer() -> str:
        open('/data/file.txt', 'w').write('hello')
        return 'hello'`,
  baseImage: 'registry.access.redhat.com/ubi9/python-311:latest',
  outputs: { Output: string },
});
const consumer = python({
  source: `
    def consumer() -> str:
        return open('/data/file.txt').read()`,
  baseImage: 'registry.access.redhat.com/ubi9/python-311:latest',
  outputs: { Output: string },
});

export default pipeline({ name: 'pipeline-with-volume' }, () => {
  const volume = createVolume({
    access_modes: ['ReadWriteOnce'],
    pvc_name_suffix: '-my-pvc',
    size: '5Mi',
    storage_class_name: 'standard',
  });
  const { name } = volume.outputs;
  const written = producer().kubernetes((pod) => pod.mountVolume(name, { path: '/data' }));
  const read = consumer()
    .kubernetes((pod) => pod.mountVolume(name, { path: '/data' }))
    .after(written);
  deleteVolume({ pvc_name: name }).after(read);
});
