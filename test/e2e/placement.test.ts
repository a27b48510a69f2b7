// What users see of placement on the command line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliWorld } from '../support/run-cli.ts';

const PIPELINE = `import { component, int, pipeline } from 'pipewright';
const fn = component({ name: 'fn', inputs: { n: int }, outputs: { m: int } }, ({ n }) => ({ m: n }));
const tool = component({ name: 'tool', image: 'example.com/tools:1', command: ['true'] });
export default pipeline({ name: 'placed', inputs: { n: int.default(1) } }, ({ n }) => {
  fn({ n });
  tool({}).resources({ cpu: 1, memory: '1Gi' });
});
`;

interface Explained {
  readonly steps: readonly {
    readonly path: string;
    readonly executor: string;
    readonly because: string;
    readonly asks: string;
  }[];
}

test('--explain says where each step would run and why, following options and placement.yaml, and runs nothing', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE);
  const explained = async (...args: string[]) => {
    const result = await world.run(['local', 'pipeline.ts', '--executor', 'auto', '--explain', '--json', '--data', '.', ...args]);
    assert.equal(result.exitCode, 0, result.stderr);
    return Object.fromEntries((JSON.parse(result.stdout) as Explained).steps.map((step) => [step.path, step]));
  };
  const plain = await explained();
  assert.deepEqual([plain['/fn']!.executor, plain['/tool']!.executor], ['process', 'docker']);
  assert.match(plain['/fn']!.because, /TypeScript function on the standard image/);
  assert.equal(plain['/tool']!.asks, '1 CPU, 1 GiB');
  assert.equal((await explained('--image-on-host', 'example.com/*'))['/tool']!.executor, 'process');
  assert.equal((await explained('--step-on', '/fn=docker'))['/fn']!.executor, 'docker');
  await world.write('placement.yaml', 'images: {"example.com/*": process}\n');
  assert.match((await explained())['/tool']!.because, /chosen for the image/);
  await world.write('placement.yaml', 'images: {"example.com/*": moon}\n');
  const refused = await world.run(['local', 'pipeline.ts', '--executor', 'auto', '--explain', '--data', '.']);
  assert.equal(refused.exitCode, 2);
  assert.match(refused.stderr, /line 1, images\.example\.com\/\*: a step runs on process or docker/);
});

test('a step mapped to the host runs with auto, and what can never fit fails with the next step', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE);
  const auto = ['local', 'pipeline.ts', '--executor', 'auto', '--image-on-host', 'example.com/tools:*'];
  const run = await world.run([...auto, '--capacity', 'cpu=2,memory=2Gi']);
  assert.equal(run.exitCode, 0, run.stderr);
  const failed = await world.run([...auto, '--no-cache', '--capacity', 'cpu=2,memory=512Mi']);
  assert.equal(failed.exitCode, 1);
  const told = failed.stdout + failed.stderr;
  assert.match(told, /this step asks for 1 GiB of memory, and the machine has 512 MiB/);
  assert.match(told, /--capacity memory=1024Mi/);
  assert.match(told, /^ +go on, once that is mended: +pipewright local --resume \w{8}$/m);
  assert.doesNotMatch(told, /keeping what succeeded/);
  const planned = await world.run(['plan', 'pipeline.ts', '--no-cache', '--capacity', 'cpu=2,memory=512Mi']);
  assert.equal(planned.exitCode, 1);
  assert.match(planned.stdout, /fails +\/tool +this step asks for 1 GiB/);
});

test('plan suggests requests from what earlier runs used', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE);
  assert.equal((await world.run(['local', 'pipeline.ts'])).exitCode, 0);
  const planned = await world.run(['plan', 'pipeline.ts', '--no-cache', '--json']);
  const { tasks } = JSON.parse(planned.stdout) as {
    tasks: { path: string; suggested: { cpu: string; memory: string } | null }[];
  };
  const { suggested } = tasks.find(({ path }) => path === '/fn')!;
  assert.match(suggested!.cpu, /^\d+m$/);
  assert.match(suggested!.memory, /^\d+Mi$/);
});

test('mistakes in options name the option, or the file and line, and start nothing', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE);
  await world.write('pools.yaml', 'nodePools:\n- name: a\n  capacity: {cpu: 1}\n');
  const rows: readonly (readonly [args: readonly string[], expected: RegExp])[] = [
    [['--capacity', 'cpu=lots'], /--capacity cannot be used\n +cpu: /],
    [['--capacity', 'nothing.yaml'], /--capacity: there is no file nothing\.yaml/],
    [['--node-pools', 'pools.yaml'], /line 2, nodePools\.0: the capacity of a node pool names its cpu and memory/],
    [['--step-on', 'fn'], /"fn" does not say where a step runs/],
    [['--priority', 'high'], /It must be a whole number/],
  ];
  for (const [args, expected] of rows) {
    const { exitCode, stderr } = await world.run(['local', 'pipeline.ts', ...args]);
    assert.equal(exitCode, 2, args.join(' '));
    assert.match(stderr, expected);
  }
});
