import { type Channel, dictOf, forEach, list, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

interface Pair {
  readonly A_a: string;
  readonly B_b: readonly string[];
}

const argsGenerator = python({
  source: `
    def args_generator_op() -> list:
        return [{'A_a': 'heads', 'B_b': ['1', '2']}, {'A_a': 'tails', 'B_b': ['10', '20']}]`,
  outputs: { Output: list },
});
const flipCoin = python({ source: "def flip_coin_op() -> str:\n    return 'heads'", outputs: { Output: string } });
const printStruct = python({ source: 'def print_struct(struct: dict):\n    print(struct)', inputs: { struct: dictOf<object>() } });
const printText = python({
  source: `
    def print_text(msg: str, msg2: Optional[str] = None):
        print(msg, msg2)`,
  inputs: { msg: string, msg2: string.optional() },
});
/** A plain list says nothing about its elements: they count as texts until a field is read. */
const pairs = (items: Channel<readonly unknown[]>) => items as unknown as Channel<readonly Pair[]>;
const asText = (item: Channel<Pair> | Channel<readonly string[]>) => item as unknown as Channel<string>;

export default pipeline(
  {
    name: 'pipeline-with-loops-and-conditions-multi-layers',
    inputs: {
      msg: string.default('hello'),
      loop_parameter: list.default([
        { A_a: 'heads', B_b: ['A', 'B'] },
        { A_a: 'tails', B_b: ['X', 'Y', 'Z'] },
      ]),
    },
  },
  ({ msg, loop_parameter }) => {
    const flip = flipCoin().output;
    const outer = pairs(argsGenerator().output);
    when(flip.notEquals('no-such-result'), () => {
      const inner = pairs(argsGenerator().output);
      forEach(outer, (item) => {
        printText({ msg });
        when(item.get('A_a').equals('heads'), () => printText({ msg: asText(item.get('B_b')) }));
        when(flip.equals('heads'), () => printText({ msg: asText(item.get('B_b')) }));
        when(item.get('A_a').equals('tails'), () => {
          forEach([{ a: '-1' }, { a: '-2' }], (struct) => printStruct({ struct }));
        });
        forEach(item.get('B_b'), (text) => printText({ msg: text }));
        forEach(pairs(loop_parameter), (pair) => {
          printText({ msg: asText(pair) });
          forEach(inner, (nested) => printText({ msg: asText(pair), msg2: nested.get('A_a') }));
        });
        forEach(['1', '2'], (text) => {
          printText({ msg: text });
          when(text.equals('1'), () => printText({ msg: '1' }));
        });
      });
    });
    forEach(pairs(loop_parameter), (pair) => {
      when(pair.get('A_a').equals('heads'), () => {
        forEach(pair.get('B_b'), (text) => printText({ msg: text }));
      });
    });
  },
);
