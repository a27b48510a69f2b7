import { component, createVolume, dict, list, pipeline, run, string } from '../../../src/sdk/pipewright.ts';

const step = component({
  name: 'step',
  image: 'alpine',
  inputs: { message: string },
  command: ['echo'],
  args: ({ inputs }) => [inputs.message],
});

export default pipeline(
  {
    name: 'kubernetes-settings',
    inputs: { cores: string, image: string, labels: dict, tolerations: list },
    workspace: { size: '5Gi' },
    ttl: { onCompletion: '1h', onFailure: '2h' },
    deadline: '10m',
  },
  ({ cores, image, labels, tolerations }) => {
    const kept = createVolume({ access_modes: ['ReadWriteMany'], size: '1Gi', pvc_name: 'kept' });
    step({ message: 'all' })
      .kubernetes((pod) =>
        pod
          .mountVolume('kept', { path: '/kept', subPath: 'inner' })
          .secretEnv('token', { key: 'TOKEN' })
          .secretVolume('token', { path: '/token', optional: true })
          .configMapEnv('conf', { key: 'CONF' })
          .configMapVolume('conf', { path: '/conf' })
          .emptyDir('scratch', { path: '/scratch', medium: 'Memory', size: '1Gi' })
          .ephemeralVolume('big', {
            path: '/big',
            accessModes: ['ReadWriteOnce'],
            size: '10Gi',
            storageClass: 'fast',
            labels: { a: 'b' },
            annotations: { c: 'd' },
          })
          .fieldEnv('POD', 'metadata.name')
          .label('team', 'ml')
          .label('cost', 'low')
          .annotation('note', 'yes')
          .nodeSelector({ key: 'disk', value: 'ssd' })
          .nodeSelector({ key: 'zone', value: 'a' })
          .toleration({ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoExecute', tolerationSeconds: 30 })
          .nodeAffinity({ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }], weight: 10 })
          .imagePullPolicy('IfNotPresent')
          .imagePullSecrets('registry', 'mirror')
          .securityContext({ runAsUser: 1000, runAsGroup: 2000, runAsNonRoot: true })
          .timeout('90s'),
      )
      .retry({ limit: 2, backoff: '30s', factor: 3, window: '10m' })
      .caching({ key: 'by-hand' })
      .displayName('Everything')
      .env({ MODE: 'test' })
      .after(kept);

    step({ message: run.name })
      .resources({
        cpu: cores,
        cpuLimit: cores,
        memory: '512Mi',
        memoryLimit: '1G',
        accelerator: { type: 'nvidia.com/gpu', count: cores },
      })
      .image(image)
      .kubernetes((pod) =>
        pod
          .nodeSelector(labels)
          .toleration(tolerations)
          .mountVolume(kept.outputs.name, { path: '/kept' })
          .secretEnv(cores, { key: 'TOKEN' }),
      );
    step({ message: run.workspace });
  },
);
