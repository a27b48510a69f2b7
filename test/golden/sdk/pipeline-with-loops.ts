import { dictOf, forEach, listOf, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const argsGenerator = python({
  source: `
    def args_generator_op() -> List[Dict[str, str]]:
        return [{'A_a': '1', 'B_b': '2'}, {'A_a': '10', 'B_b': '20'}]`,
  outputs: { Output: listOf(dictOf<{ A_a: string; B_b: string }>()) },
});
const printText = python({ source: 'def print_text(msg: str):\n    print(msg)', inputs: { msg: string } });
const printStruct = python({ source: 'def print_struct(struct: Dict):\n    print(struct)', inputs: { struct: dictOf<object>() } });

export default pipeline(
  { name: 'pipeline-with-loops', inputs: { loop_parameter: listOf(string).default(['a', 'b']) } },
  ({ loop_parameter }) => {
    forEach(loop_parameter, (msg) => printText({ msg }));
    forEach(argsGenerator().output, (item) => {
      printStruct({ struct: item });
      printText({ msg: item.get('A_a') });
      printText({ msg: item.get('B_b') });
    });
    const items = [
      { A_a: '1', B_b: '2' },
      { A_a: '10', B_b: '20' },
    ];
    forEach(items, (item) => {
      printStruct({ struct: item });
      printText({ msg: item.get('A_a') });
      printText({ msg: item.get('B_b') });
    });
  },
);
