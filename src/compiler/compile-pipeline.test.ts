import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../base/errors.ts';
import { writePipelineYaml } from '../ir/write.ts';
import {
  and,
  bool,
  collect,
  component,
  dict,
  exitHandler,
  finalStatus,
  forEach,
  importer,
  int,
  not,
  or,
  Dataset,
  Model,
  oneOf,
  pipeline,
  run,
  string,
  text,
  when,
} from '../sdk/pipewright.ts';
import { compilePipeline } from './compile-pipeline.ts';

const add = component({
  name: 'Add Numbers',
  image: 'alpine',
  inputs: { a: int, b: int },
  outputs: { sum: int },
  command: ({ inputs, outputs }) => ['sh', '-c', `echo $((${inputs.a} + ${inputs.b})) > ${outputs.sum.path}`],
});
const train = component({
  name: 'train',
  image: 'alpine',
  inputs: { data: Dataset },
  outputs: { model: Model },
  command: ['true'],
});
const print = component({
  name: 'print',
  image: 'alpine',
  inputs: { msg: string },
  command: ({ inputs }) => ['echo', inputs.msg],
});
const report = component({ name: 'report', image: 'alpine', inputs: { status: finalStatus }, command: ['true'] });

test('the same definition gives the same text', () => {
  const make = () =>
    pipeline({ name: 'twice', inputs: { n: int.default(1) } }, ({ n }) => {
      const sums = collect(forEach([1, 2], (item) => add({ a: n, b: item }).output));
      void sums;
      const first = add({ a: n, b: 1 });
      when(first.output.greaterThan(3), () => print({ msg: text`more than ${first.output} in ${run.name}` }));
      return first.output;
    });
  const texts = [make(), make()].map((one) => writePipelineYaml(compilePipeline(one.pipeline).document!));
  assert.equal(texts[0], texts[1]);
  assert.match(texts[0]!, /# Name: twice/);
});

test('a name given at compile time wins', () => {
  const one = pipeline({ name: 'one' }, () => void print({ msg: 'x' }));
  assert.equal(compilePipeline(one.pipeline, { pipelineName: 'other' }).document?.spec.pipelineInfo.name, 'other');
});

test('a nested pipeline that is used twice has its parts twice, under free names', () => {
  const inner = pipeline({ name: 'inner', inputs: { n: int } }, ({ n }) => add({ a: n, b: n }).output);
  const outer = pipeline({ name: 'outer' }, () => {
    const first = inner({ n: 1 });
    return inner({ n: first.output }).output;
  });
  const { document, problems } = compilePipeline(outer.pipeline);
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.keys(document!.spec.components).sort(), [
    'comp-add-numbers',
    'comp-add-numbers-2',
    'comp-inner',
    'comp-inner-2',
  ]);
  assert.deepEqual(Object.keys(document!.spec.executors), ['exec-add-numbers', 'exec-add-numbers-2']);
});

test('resources, images and platform names may come with the run', () => {
  const one = pipeline(
    { name: 'dynamic', inputs: { cores: string, image: string, labels: dict } },
    ({ cores, image, labels }) => {
      print({ msg: 'x' })
        .resources({ cpu: cores, memory: '1Gi', accelerator: { type: 'nvidia.com/gpu', count: cores } })
        .image(image)
        .kubernetes((pod) => pod.nodeSelector(labels));
    },
  );
  const { document, problems } = compilePipeline(one.pipeline);
  assert.deepEqual(problems, []);
  const { container } = document!.spec.executors['exec-print'] as { container: { image: string; resources: unknown } };
  const cores = "{{$.inputs.parameters['pipelinechannel--cores']}}";
  assert.equal(container.image, "{{$.inputs.parameters['pipelinechannel--image']}}");
  assert.deepEqual(container.resources, {
    cpuRequest: cores,
    memoryRequest: '1Gi',
    accelerator: { type: 'nvidia.com/gpu', count: cores },
  });
  assert.deepEqual(document!.platform.executors['exec-print'], {
    nodeSelector: { nodeSelectorJson: { componentInputParameter: 'labels' } },
  });
});

test('init containers are written as kfp-kubernetes writes them', () => {
  const one = pipeline({ name: 'init' }, () => {
    print({ msg: 'x' }).kubernetes((pod) =>
      pod
        .emptyDir('shared-data', { path: '/data' })
        .initContainer({
          name: 'prepare-data',
          image: 'busybox:1.36',
          command: ['sh', '-c'],
          args: ['echo $MARKER_TEXT > /data/marker'],
          env: { MARKER_TEXT: 'ready' },
          volumeMounts: { 'shared-data': '/data' },
        })
        .initContainer({
          name: 'proxy',
          image: 'proxy',
          restartPolicy: 'Always',
          resources: { cpu: 0.5, memory: '64Mi', memoryLimit: '128Mi' },
        }),
    );
  });
  const { document, problems } = compilePipeline(one.pipeline);
  assert.deepEqual(problems, []);
  assert.deepEqual(document!.platform.executors['exec-print'], {
    emptyDirMounts: [{ volumeName: 'shared-data', mountPath: '/data' }],
    initContainers: [
      {
        name: 'prepare-data',
        image: 'busybox:1.36',
        command: ['sh', '-c'],
        args: ['echo $MARKER_TEXT > /data/marker'],
        env: [{ name: 'MARKER_TEXT', value: 'ready' }],
        volumeMounts: [{ volumeName: 'shared-data', mountPath: '/data' }],
      },
      {
        name: 'proxy',
        image: 'proxy',
        restartPolicy: 'Always',
        resources: { limits: { memory: '128Mi' }, requests: { cpu: '0.5', memory: '64Mi' } },
      },
    ],
  });
});

// What TypeScript would refuse is told by the compiler to those who write JavaScript or cast.
const loose = <T>(value: unknown): T => value as T;
interface Refused {
  readonly title: string;
  readonly body: () => void;
  readonly problem: RegExp;
}
const INIT = { name: 'first', image: 'busybox' };
const refused: readonly Refused[] = [
  {
    title: 'two init containers of one name',
    body: () => print({ msg: 'x' }).kubernetes((pod) => pod.initContainer(INIT).initContainer(INIT)),
    problem: /there are two init containers "first"/,
  },
  {
    title: 'an init container without an image',
    body: () => print({ msg: 'x' }).kubernetes((pod) => pod.initContainer({ ...INIT, image: '' })),
    problem: /the init container "first" has no image/,
  },
  {
    title: 'KFP’s own init container',
    body: () => print({ msg: 'x' }).kubernetes((pod) => pod.initContainer({ ...INIT, name: 'kfp-launcher' })),
    problem: /no init container can be called kfp-launcher/,
  },
  {
    title: 'an unknown restart policy',
    body: () => print({ msg: 'x' }).kubernetes((pod) => pod.initContainer({ ...INIT, restartPolicy: loose('Never') })),
    problem: /restart policy of "first" is "Never"/,
  },
  {
    title: 'a relative mount path',
    body: () => print({ msg: 'x' }).kubernetes((pod) => pod.initContainer({ ...INIT, volumeMounts: { data: 'data' } })),
    problem: /mounts "data" at "data"/,
  },
  { title: 'a missing input', body: () => add(loose({ a: 1 })), problem: /add-numbers is missing the input "b" \(int\)/ },
  {
    title: 'an unknown input',
    body: () => add(loose({ a: 1, b: 2, bb: 3 })),
    problem: /has no input "bb" \(did you mean "b"\?\)/,
  },
  {
    title: 'a text for a number',
    body: () => add(loose({ a: 'one', b: 2 })),
    problem: /the input "a" of add-numbers is int, it was given "one"/,
  },
  { title: 'a fraction for an int', body: () => add({ a: 1.5, b: 2 }), problem: /is int, it was given 1\.5/ },
  {
    title: 'a model for a number',
    body: () => add(loose({ a: train({ data: imported() }).output, b: 2 })),
    problem: /is int, it was given Model/,
  },
  {
    title: 'a constant for an artifact',
    body: () => train(loose({ data: 'gs://bucket' })),
    problem: /is an artifact \(Dataset\).*importer/,
  },
  {
    title: "a loop's output outside of the loop",
    body: () => {
      let leaked = add({ a: 1, b: 1 });
      forEach([1], (item) => void (leaked = add({ a: item, b: 1 })));
      add({ a: leaked.output, b: 1 });
    },
    problem: /add-numbers-3 uses the output "sum" of add-numbers-2 from for-loop-2, outside of it \(.*collect/,
  },
  {
    title: "a branch's output outside of the branch",
    body: () => {
      let leaked = add({ a: 1, b: 1 });
      when(leaked.output.equals(2), () => void (leaked = add({ a: 1, b: 1 })));
      add({ a: leaked.output, b: 1 });
    },
    problem: /from condition-1, outside of it \(.*oneOf/,
  },
  {
    title: 'waiting for a task in a condition',
    body: waitsIntoCondition,
    problem: /print-3 uses print-2 from condition-1, outside of it/,
  },
  {
    title: 'a condition on different types',
    body: () => void when(add({ a: 1, b: 1 }).output.equals(loose('x')), () => print({ msg: 'x' })),
    problem: /compares a number with a text/,
  },
  { title: 'an empty loop', body: () => void forEach([], () => print({ msg: 'x' })), problem: /at least one item/ },
  {
    title: 'a negative parallelism',
    body: () => void forEach([1], () => print({ msg: 'x' }), { parallelism: -1 }),
    problem: /parallelism must be a whole number/,
  },
  { title: 'a final status for an ordinary task', body: () => report(), problem: /report takes a final status/ },
  {
    title: 'a final status of two tasks',
    body: () =>
      report()
        .after(print({ msg: 'a' }), print({ msg: 'b' }))
        .ignoreUpstreamFailure(),
    problem: /exactly one, not 2/,
  },
  {
    title: 'an exit handler in a loop',
    body: () => void forEach([1], () => exitHandler(print({ msg: 'x' }), () => void print({ msg: 'y' }))),
    problem: /only be used at the top/,
  },
  {
    title: 'an importer to a workspace that is not there',
    body: () => importer({ uri: 'gs://x', type: Dataset, downloadToWorkspace: true }),
    problem: /workspace.*add workspace/,
  },
  {
    title: 'a wrong amount of cpu',
    body: () => print({ msg: 'x' }).resources({ cpu: 'many' }),
    problem: /cpu "many" is not a valid amount/,
  },
  { title: 'a wrong amount of memory', body: () => print({ msg: 'x' }).resources({ memory: '4Gib' }), problem: /memory "4Gib"/ },
  { title: 'settings on an importer', body: () => imported(true), problem: /env cannot be set on importer/ },
  {
    title: 'branches that give different types',
    body: () =>
      void oneOf<never>(
        loose(when(add({ a: 1, b: 1 }).output.equals(2), () => print({ msg: 'x' })).otherwise(() => add({ a: 1, b: 1 }).output)),
      ),
    problem: /the branches of a oneOf/,
  },
  {
    title: 'an exit task that uses an output',
    body: () => exitHandler(print({ msg: text`${add({ a: 1, b: 1 }).output}` }), () => void print({ msg: 'x' })),
    problem: /the exit task print may not wait for other tasks or use their outputs/,
  },
  { title: 'an empty pipeline', body: () => {}, problem: /has no tasks/ },
];

for (const { title, body, problem } of refused) {
  test(`${title} is a problem with the line it was written on`, () => {
    const one = pipeline({ name: 'refused' }, body);
    const { document, problems } = compilePipeline(one.pipeline);
    assert.equal(document, undefined);
    const texts = problems.map(formatProblem);
    assert.ok(
      texts.some((line) => problem.test(line)),
      texts.join('\n'),
    );
    assert.match(texts[0]!, /^line \d+, .*compile-pipeline\.test\.ts: /);
  });
}

test('channels deep in a constant become inputs of the task and placeholders', () => {
  const job = component({ name: 'job', image: 'alpine', inputs: { spec: dict, data: Dataset.optional() }, command: ['true'] });
  const one = pipeline({ name: 'deep', inputs: { data: Dataset } }, ({ data }) => {
    const { output: sum } = add({ a: 1, b: 2 });
    job({ spec: { pools: [{ count: sum, name: text`pool-${sum}` }] }, data });
    job({ spec: {} });
  });
  const { document, problems } = compilePipeline(one.pipeline);
  assert.deepEqual(problems, []);
  const { inputs, dependentTasks } = document!.spec.root.dag!.tasks['job']!;
  const sum = "{{$.inputs.parameters['pipelinechannel--add-numbers-sum']}}";
  assert.deepEqual(inputs.parameters, {
    spec: { kind: 'constant', value: { pools: [{ count: sum, name: `pool-${sum}` }] } },
    'pipelinechannel--add-numbers-sum': { kind: 'taskOutput', producerTask: 'add-numbers', outputParameterKey: 'sum' },
  });
  assert.deepEqual([inputs.artifacts, dependentTasks], [{ data: { kind: 'componentInput', name: 'data' } }, ['add-numbers']]);
});

test('conditions are combined, with truth values among them', () => {
  const one = pipeline({ name: 'combined', inputs: { flag: bool, n: int } }, ({ flag, n }) => {
    when(and(flag, or(n.greaterThan(3), not(n.equals(0)))), () => print({ msg: 'x' })).otherwise(() => print({ msg: 'y' }));
  });
  const { document, problems } = compilePipeline(one.pipeline);
  assert.deepEqual(problems, []);
  const tasks = document!.spec.components['comp-condition-branches-1']!.dag!.tasks;
  const [flag, n] = ['flag', 'n'].map((name) => `inputs.parameter_values['pipelinechannel--${name}']`);
  const first = `${flag} == true && (int(${n}) > 3 || !(int(${n}) == 0))`;
  assert.deepEqual(
    Object.values(tasks).map(({ trigger }) => trigger.condition),
    [first, `!(${first})`],
  );
});

test('collecting in the loop itself is a problem', () => {
  const one = pipeline({ name: 'refused' }, () => {
    forEach([1], (item) => {
      const sum = add({ a: item, b: 1 });
      print({ msg: loose(collect({ loop: loose(undefined), result: sum.output })) });
    });
  });
  assert.match(compilePipeline(one.pipeline).problems.map(formatProblem).join('\n'), /is in the same loop/);
});

test('a name that KFP refuses is a problem', () => {
  const one = pipeline({ name: 'My Pipeline' }, () => void print({ msg: 'x' }));
  assert.match(formatProblem(compilePipeline(one.pipeline).problems[0]!), /"My Pipeline" cannot be the name of a pipeline/);
});

test('a component outside of a pipeline says where it belongs', () => {
  assert.throws(() => print({ msg: 'x' }), /can only be used inside the function of a pipeline/);
});

function imported(withEnv = false) {
  const task = importer({ uri: 'gs://bucket/data', type: Dataset });
  return withEnv ? task.env({ A: 'b' }).output : task.output;
}

function waitsIntoCondition(): void {
  const sum = add({ a: 1, b: 1 }).output;
  let inside = print({ msg: 'before' });
  when(sum.equals(2), () => void (inside = print({ msg: 'x' })));
  print({ msg: 'y' }).after(inside);
}
