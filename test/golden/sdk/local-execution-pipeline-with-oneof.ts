import { bool, oneOf, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const branchA = python({ source: "def branch_a() -> str:\n    return 'a'", outputs: { Output: string } });
const branchB = python({ source: "def branch_b() -> str:\n    return 'b'", outputs: { Output: string } });
const tagSelected = python({
  source: `
    def tag_selected(value: str) -> str:
        return f'selected {value}'`,
  inputs: { value: string },
  outputs: { Output: string },
});

export default pipeline({ name: 'pipeline-with-oneof', inputs: { pick_a: bool.default(true) } }, ({ pick_a }) => {
  const picked = oneOf(when(pick_a, () => branchA().output).otherwise(() => branchB().output));
  return tagSelected({ value: picked }).output;
});
