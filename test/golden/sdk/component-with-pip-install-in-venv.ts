import { pipeline, python } from '../../../src/sdk/pipewright.ts';

const install = python({
  source: `
    def component_with_pip_install():
        import yapf
        print(yapf)`,
  packagesToInstall: ['yapf'],
  pipIndexUrls: ['https://index.example/simple'],
  useVenv: true,
});

export default pipeline({ name: 'component-with-pip-install' }, () => {
  install();
});
