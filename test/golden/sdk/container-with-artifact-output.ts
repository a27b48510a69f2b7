import { component, int, Model, pipeline, string } from '../../../src/sdk/pipewright.ts';

const train = component({
  name: 'container-with-artifact-output',
  image: 'gcr.io/my-image',
  inputs: { num_epochs: int },
  outputs: { model: Model, model_config_path: string },
  command: ['sh', 'run.sh'],
  args: ({ inputs, outputs }) => [
    '--epochs',
    inputs.num_epochs,
    '--model_path',
    outputs.model.uri,
    '--model_metadata',
    outputs.model.metadata,
    '--model_config_path',
    outputs.model_config_path.path,
  ],
});

export default pipeline({ name: 'container-with-artifact-output', inputs: { num_epochs: int } }, ({ num_epochs }) => {
  return train({ num_epochs }).outputs;
});
