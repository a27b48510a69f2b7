import { dict, list, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const logMessage = python({
  source: `
    def log_message(message: str):
        print(message)`,
  inputs: { message: string },
});

export default pipeline(
  {
    name: 'missing-kubernetes-optional-inputs-pipeline',
    inputs: {
      optional_affinity: dict.optional(),
      optional_config_map_name: string.optional(),
      optional_image_pull_secret_name: string.optional(),
      optional_secret_name: string.optional(),
      optional_selector: dict.optional(),
      optional_tolerations: list.optional(),
    },
  },
  (inputs) => {
    logMessage({ message: 'baseline task' })
      .caching(false)
      .kubernetes((pod) =>
        pod
          .configMapEnv(inputs.optional_config_map_name, { setting: 'SETTING' }, { optional: true })
          .configMapVolume(inputs.optional_config_map_name, { path: '/mnt/config', optional: true })
          .imagePullSecrets(inputs.optional_image_pull_secret_name)
          .nodeAffinity(inputs.optional_affinity)
          .nodeSelector(inputs.optional_selector)
          .secretEnv(inputs.optional_secret_name, { password: 'PASSWORD' }, { optional: true })
          .secretVolume(inputs.optional_secret_name, { path: '/mnt/secret', optional: true })
          .toleration(inputs.optional_tolerations),
      );
  },
);
