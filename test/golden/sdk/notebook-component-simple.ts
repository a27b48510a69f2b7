import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const runTrainNotebook = python({
  source: `
    def run_train_notebook(text: str):
        import nbclient
        print(nbclient.__name__, text)`,
  packagesToInstall: ['nbclient>=0.10,<1', 'ipykernel>=6,<7', 'jupyter_client>=7,<9'],
  inputs: { text: string },
});

export default pipeline({ name: 'nb-simple', inputs: { text: string.default('hello') } }, ({ text }) => {
  runTrainNotebook({ text }).caching(false);
});
