import { dict, pipeline, python } from '../../../src/sdk/pipewright.ts';

const dictInput = python({
  source: `
    def dict_input(struct: Dict):
        print(struct)`,
  inputs: { struct: dict },
});

export default pipeline({ name: 'dict-input', inputs: { struct: dict } }, ({ struct }) => {
  dictInput({ struct });
});
