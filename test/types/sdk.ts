// What an editor underlines: every `@ts-expect-error` here is a mistake that the types must catch, and the rest must be accepted.
import {
  Artifact,
  artifactType,
  bool,
  collect,
  component,
  Dataset,
  dict,
  dictOf,
  finalStatus,
  forEach,
  importer,
  int,
  list,
  listOf,
  Model,
  oneOf,
  pipeline,
  python,
  string,
  text,
  when,
} from '../../src/sdk/pipewright.ts';

const train = component({
  name: 'train',
  image: 'train',
  inputs: { data: Dataset, epochs: int.default(10), mode: string.oneOf('fast', 'exact').default('fast') },
  outputs: { model: Model, loss: int },
  command: ({ inputs, outputs }) => ['train', inputs.data.path, inputs.epochs, outputs.model.path, outputs.loss.path],
});
const evaluate = component({ name: 'evaluate', image: 'e', inputs: { model: Model, limit: int }, outputs: { score: int } });
const show = component({ name: 'show', image: 's', inputs: { anything: Artifact } });
const print = component({ name: 'print', image: 'p', inputs: { message: string } });
const sum = component({ name: 'sum', image: 's', inputs: { numbers: listOf(int) }, outputs: { total: int } });
const compare = component({ name: 'compare', image: 'c', inputs: { models: Model.list() } });
const report = component({ name: 'report', image: 'r', inputs: { status: finalStatus, note: string.optional() } });
const anyList = component({ name: 'any-list', image: 'a', inputs: { values: list, more: dict } });
const Own = artifactType('acme.Forest');
const grow = component({ name: 'grow', image: 'g', outputs: { forest: Own } });
const twice = python({ source: 'def twice(n: int) -> int:\n    return 2 * n', inputs: { n: int }, outputs: { Output: int } });
const nested = pipeline({ name: 'nested', inputs: { data: Dataset } }, ({ data }) => ({ best: train({ data }).outputs.model }));

pipeline({ name: 'types', inputs: { limit: int, name: string, flag: bool } }, ({ limit, name, flag }) => {
  const data = importer({ uri: text`gs://bucket/${name}`.parts.length > 0 ? 'gs://a' : 'gs://b', type: Dataset }).output;
  const trained = train({ data });
  train({ data, epochs: limit, mode: 'exact' });
  const evaluated = evaluate({ model: trained.outputs.model, limit: 3 });
  show({ anything: trained.outputs.model });
  print({ message: text`score ${evaluated.output}` });
  report();
  report({ note: 'done' });
  evaluate({ model: nested({ data }).output, limit: twice({ n: limit }).output });
  anyList({ values: [1, limit, 'two', { three: name }], more: { deep: [flag] } });

  // A Model where a number is expected.
  // @ts-expect-error
  evaluate({ model: trained.outputs.model, limit: trained.outputs.model });
  // A Dataset where a Model is expected.
  // @ts-expect-error
  evaluate({ model: data, limit: 1 });
  // A number where a text is expected, as a constant and as an output.
  // @ts-expect-error
  print({ message: 3 });
  // @ts-expect-error
  print({ message: evaluated.output });
  // A constant where an artifact is expected.
  // @ts-expect-error
  train({ data: 'gs://bucket/data' });
  // An input that is missing, and one that does not exist.
  // @ts-expect-error
  evaluate({ model: trained.outputs.model });
  // @ts-expect-error
  train();
  // @ts-expect-error
  train({ data, epoch: 3 });
  // An output that does not exist; the output of a task with several, and of one with none.
  // @ts-expect-error
  void trained.outputs.accuracy;
  // @ts-expect-error
  evaluate({ model: trained.output, limit: 1 });
  // @ts-expect-error
  evaluate({ model: trained.outputs.model, limit: print({ message: 'x' }).output });
  // A value that is not one of those allowed.
  // @ts-expect-error
  train({ data, mode: 'slow' });
  // An artifact type of one's own is no Model.
  // @ts-expect-error
  evaluate({ model: grow().output, limit: 1 });
  // What the engine fills in is no argument.
  // @ts-expect-error
  report({ status: name });

  const losses = forEach([1, 2, 3], (epochs) => train({ data, epochs }).outputs.loss);
  sum({ numbers: collect(losses) });
  // A loop's output without collecting it.
  // @ts-expect-error
  sum({ numbers: losses });
  // @ts-expect-error
  sum({ numbers: losses.result });
  // Collected numbers are a list, not a number.
  // @ts-expect-error
  evaluate({ model: trained.outputs.model, limit: collect(losses) });
  const models = collect(forEach([1, 2], (epochs) => train({ data, epochs }).outputs.model));
  compare({ models });
  // A list of artifacts is not an artifact, and an artifact is not a list.
  // @ts-expect-error
  evaluate({ model: models, limit: 1 });
  // @ts-expect-error
  compare({ models: trained.outputs.model });
  // Artifacts can be looped over, with their type.
  forEach(models, (model) => evaluate({ model, limit: 1 }));
  // @ts-expect-error
  forEach(models, (model) => train({ data: model }));
  // A loop needs a list.
  // @ts-expect-error
  forEach(limit, () => {});
  // Loops in loops give lists of lists.
  const rows = collect(forEach([1, 2], (epochs) => forEach([1, 2], () => train({ data, epochs }).outputs.loss)));
  forEach(rows, (row) => sum({ numbers: row }));
  // @ts-expect-error
  sum({ numbers: rows });

  // Items have the type of the list's elements, and fields where they are dicts.
  forEach(['a', 'b'], (message) => print({ message }));
  // @ts-expect-error
  forEach([1, 2], (message) => print({ message }));
  forEach([{ name: 'a', size: 1 }], (item) => print({ message: item.get('name') }));
  // @ts-expect-error
  forEach([{ name: 'a', size: 1 }], (item) => print({ message: item.get('size') }));
  // @ts-expect-error
  forEach([{ name: 'a', size: 1 }], (item) => print({ message: item.get('colour') }));
  const pairs = python({ source: 'def pairs() -> list: ...', outputs: { Output: listOf(dictOf<{ name: string }>()) } });
  forEach(pairs().output, (pair) => print({ message: pair.get('name') }));

  // Comparisons are between values of one type.
  when(evaluated.output.greaterThan(0.5), () => print({ message: 'good' }));
  // @ts-expect-error
  when(evaluated.output.equals('good'), () => print({ message: 'good' }));
  // @ts-expect-error
  when(name, () => print({ message: 'x' }));
  // An artifact cannot be compared.
  // @ts-expect-error
  when(trained.outputs.model.equals('x'), () => print({ message: 'x' }));

  // A oneOf needs an otherwise, and one type.
  const picked = oneOf(when(flag, () => trained.outputs.model).otherwise(() => nested({ data }).output));
  evaluate({ model: picked, limit: 1 });
  // @ts-expect-error
  oneOf(when(flag, () => trained.outputs.model));
  // @ts-expect-error
  evaluate({ model: oneOf(when(flag, () => trained.outputs.model).otherwise(() => data)), limit: 1 });

  // Names of volumes, secrets and quantities are texts.
  print({ message: 'x' }).resources({ cpu: name, memory: '1Gi' });
  // @ts-expect-error
  print({ message: 'x' }).resources({ cpu: trained.outputs.model });
  // @ts-expect-error
  print({ message: 'x' }).kubernetes((pod) => pod.mountVolume(limit, { path: '/data' }));
  return { best: picked, losses: collect(losses) };
});

// A TypeScript function is given its inputs and gives back its outputs.
component(
  { name: 'fn', inputs: { n: int, data: Dataset, all: Model.list() }, outputs: { twice: int, copy: Dataset } },
  ({ n, data, all }, { copy }) => {
    void [data.path, all[0]?.uri, copy.path];
    return { twice: n * 2 };
  },
);
// @ts-expect-error
component({ name: 'fn', outputs: { twice: int } }, () => ({ twice: 'two' }));
// @ts-expect-error
component({ name: 'fn', outputs: { twice: int } }, () => ({}));
// @ts-expect-error
component({ name: 'fn', inputs: { n: int } }, ({ m }) => void m);
// A default has the type of the parameter.
// @ts-expect-error
int.default('three');
// A placeholder exists for every input and output, and for no other.
// @ts-expect-error
component({ name: 'c', image: 'i', inputs: { n: int }, command: ({ inputs }) => [inputs.m] });
