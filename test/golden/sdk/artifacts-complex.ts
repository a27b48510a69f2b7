import { collect, Dataset, forEach, int, pipeline, python, when } from '../../../src/sdk/pipewright.ts';

const double = python({
  source: "def double(num: int, out_dataset: Output[Dataset]):\n    open(out_dataset.path, 'w').write(str(2 * num))",
  inputs: { num: int },
  outputs: { out_dataset: Dataset },
});
const add = python({
  source: 'def add(in_datasets: Input[List[Dataset]], out_dataset: Output[Dataset]):\n    pass',
  inputs: { in_datasets: Dataset.list() },
  outputs: { out_dataset: Dataset },
});
const addTwoInts = python({
  source: 'def add_two_ints(in_dataset1: Input[Dataset], in_dataset2: Input[Dataset], out_dataset: Output[Dataset]):\n    pass',
  inputs: { in_dataset1: Dataset, in_dataset2: Dataset },
  outputs: { out_dataset: Dataset },
});

const addTwoLists = pipeline(
  { name: 'add-two-lists-of-datasets', inputs: { in_datasets1: Dataset.list(), in_datasets2: Dataset.list() } },
  ({ in_datasets1, in_datasets2 }) => {
    const first = add({ in_datasets: in_datasets1 });
    const second = add({ in_datasets: in_datasets2 });
    return addTwoInts({ in_dataset1: first.output, in_dataset2: second.output }).output;
  },
);

export default pipeline({ name: 'math-pipeline', inputs: { threshold: int.default(2) } }, ({ threshold }) => {
  const doubled = forEach([1, 2, 3], (i) => {
    const single = double({ num: i }).output;
    const nested = forEach([1, 2, 3], (j) => {
      let kept = single;
      when(j.atLeast(threshold), () => {
        kept = double({ num: j }).output;
      });
      return kept;
    });
    return { single, nested };
  });
  const { single, nested } = collect(doubled);
  const sum = addTwoLists({ in_datasets1: single, in_datasets2: nested }).output;
  return { datasets: single, sum };
});
