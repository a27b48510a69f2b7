import { pipeline, python } from '../../../src/sdk/pipewright.ts';

const componentOp = python({
  source: `
    def component_op():
        import yapf
        print(yapf)`,
  packagesToInstall: ['yapf'],
  pipIndexUrls: ['https://index.example/simple'],
});

export default pipeline({ name: 'v2-component-pip-index-urls' }, () => {
  componentOp();
});
