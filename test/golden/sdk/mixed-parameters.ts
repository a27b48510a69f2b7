import { int, pipeline, python } from '../../../src/sdk/pipewright.ts';

const coreComp = python({
  source: `
    def core_comp() -> int:
        return 1`,
  outputs: { Output: int },
});
const crustComp = python({
  source: `
    def crust_comp(x: int, y: int):
        print(x, y)`,
  inputs: { x: int, y: int },
});

const core = pipeline({ name: 'core' }, () => coreComp().caching(false).output);
const mantle = pipeline({ name: 'mantle' }, () => core().caching(false).output);

export default pipeline({ name: 'mixed-parameters-pipeline' }, () => {
  crustComp({ x: 2, y: mantle().caching(false).output }).caching(false);
});
