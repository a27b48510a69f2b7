import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const componentOp = python({
  source: `
    def component_op(input1: str = 'default value', input2: Optional[str] = None, input3: Optional[str] = None):
        print(input1, input2, input3)`,
  inputs: { input1: string.default('default value'), input2: string.optional(), input3: string.optional() },
});

export default pipeline({ name: 'v2-component-optional-input' }, () => {
  componentOp({ input1: 'Hello', input2: 'World' });
});
