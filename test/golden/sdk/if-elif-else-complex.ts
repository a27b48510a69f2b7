import { bool, collect, forEach, int, listOf, oneOf, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const int0To9999 = python({ source: 'def int_0_to_9999() -> int:\n    return 5000', outputs: { Output: int } });
const isEvenOrOdd = python({
  source: `
    def is_even_or_odd(num: int) -> str:
        return 'odd' if num % 2 else 'even'`,
  inputs: { num: int },
  outputs: { Output: string },
});
const printAndReturn = python({
  source: `
    def print_and_return(text: str) -> str:
        print(text)
        return text`,
  inputs: { text: string },
  outputs: { Output: string },
});
const printInts = python({
  source: `
    def print_ints(ints: List[int]):
        print(ints)`,
  inputs: { ints: listOf(int) },
});
const say = (text: string) => printAndReturn({ text }).output;

export default pipeline(
  {
    name: 'lucky-number-pipeline',
    inputs: {
      add_drumroll: bool.default(true),
      repeat_if_lucky_number: bool.default(true),
      trials: listOf(int).default([1, 2, 3]),
    },
  },
  ({ add_drumroll, repeat_if_lucky_number, trials }) => {
    const numbers = forEach(trials, (trial) => {
      when(add_drumroll.equals(true), () => {
        when(trial.equals(3), () => {
          say('Adding drumroll on last trial!');
        });
      });
      const number = int0To9999().caching(false).output;
      when(number.lessThan(5000), () => {
        const kind = isEvenOrOdd({ num: number }).output;
        const said = when(kind.equals('even'), () => say('Got a low even number!'));
        printAndReturn({ text: oneOf(said.otherwise(() => say('Got a low odd number!'))) });
      })
        .elseWhen(number.greaterThan(5000), () => {
          const kind = isEvenOrOdd({ num: number }).output;
          const said = when(kind.equals('even'), () => say('Got a high even number!'));
          printAndReturn({ text: oneOf(said.otherwise(() => say('Got a high odd number!'))) });
        })
        .otherwise(() => {
          say('Announcing: Got the lucky number 5000! A one in 10,000 chance.');
          when(repeat_if_lucky_number.equals(true), () => {
            forEach([1, 2], () => say('Announcing again: Got the lucky number 5000! A one in 10,000 chance.'));
          });
        });
      return number;
    });
    printInts({ ints: collect(numbers) });
  },
);
