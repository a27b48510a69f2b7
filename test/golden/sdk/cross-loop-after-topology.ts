import { forEach, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const print = python({ source: 'def print_op(message: str):\n    print(message)', inputs: { message: string } });

export default pipeline({ name: 'my-pipeline' }, () => {
  const { result: one } = forEach([1, 2], () => print({ message: 'one' }));
  forEach([1, 2], () => print({ message: 'two' }).after(one));
  forEach([1, 2], () => {
    const three = print({ message: 'three' });
    forEach([1, 2], () => print({ message: 'four' }).after(three));
  });
  const { result: five } = forEach([1, 2], () => print({ message: 'five' }));
  print({ message: 'six' }).after(five);
  forEach([1, 2], () => {
    const { result: seven } = forEach([1, 2], () => print({ message: 'seven' }));
    print({ message: 'eight' }).after(seven);
  });
});
