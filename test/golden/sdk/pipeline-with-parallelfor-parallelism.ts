import { type Channel, dictOf, forEach, int, list, listOf, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const print = python({ source: 'def print_text(msg: str):\n    print(msg)', inputs: { msg: string } });
const printInt = python({ source: 'def print_int(x: int):\n    print(x)', inputs: { x: int } });
const source = (number: number, returns: string) =>
  `def list_dict_maker_${number}() -> ${returns}:\n    return [{'a': 1, 'b': 2}, {'a': 2, 'b': 3}]`;
const typed = listOf(dictOf<{ a: number; b: number }>());
const makers = ['List[Dict[str, int]]', 'List[Dict]', 'List[dict]'].map((returns, number) =>
  python({ source: source(number, returns), outputs: { Output: typed } }),
);
/** These say nothing about the elements of their lists. */
const plain3 = python({ source: source(3, 'List'), outputs: { Output: list } });
const plain1 = python({ source: source(1, 'List'), outputs: { Output: list } });
const dicts = (items: Channel<readonly unknown[]>) => items as Channel<readonly { a: number }[]>;

export default pipeline({ name: 'pipeline-with-loops', inputs: { loop_parameter: listOf(string) } }, ({ loop_parameter }) => {
  forEach(
    loop_parameter,
    (item) => {
      print({ msg: item });
      forEach(loop_parameter, (nested) => print({ msg: nested }));
    },
    { parallelism: 2 },
  );
  const items = [
    { A_a: '1', B_b: '2' },
    { A_a: '10', B_b: '20' },
  ];
  forEach(items, (item) => {
    print({ msg: item.get('A_a') });
    print({ msg: item.get('B_b') });
    const nestedItems = [
      { A_a: '10', B_b: '20' },
      { A_a: '100', B_b: '200' },
    ];
    forEach(
      nestedItems,
      (nested) => {
        print({ msg: nested.get('A_a') });
        print({ msg: nested.get('B_b') });
      },
      { parallelism: 1 },
    );
  });
  const numbers = [
    { a: 1, b: 2 },
    { a: 2, b: 3 },
    { a: 3, b: 4 },
  ];
  forEach(numbers, (item) => printInt({ x: item.get('a') }), { parallelism: 1 });
  for (const make of makers) forEach(make().output, (item) => printInt({ x: item.get('a') }));
  forEach(dicts(plain3().output), (item) => printInt({ x: item.get('a') }));
  forEach(dicts(plain1().output), (item) => printInt({ x: item.get('a') }));
});
