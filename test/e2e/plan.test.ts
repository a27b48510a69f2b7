import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliWorld } from '../support/run-cli.ts';

const PIPELINE = `import { component, forEach, int, pipeline, when } from 'pipewright';
const echo = component({ name: 'echo', inputs: { n: int }, outputs: { m: int } }, ({ n }) => ({ m: n }));
const heavy = component({ name: 'heavy', image: 'node:24', inputs: { n: int }, command: ['node', '--version'] });
export default pipeline({ name: 'planned', inputs: { n: int.default(1) } }, ({ n }) => {
  const first = echo({ n });
  heavy({ n: first.output }).resources({ cpu: 2, memory: '1Gi' });
  when(first.output.greaterThan(5), () => echo({ n: 6 }));
  forEach([7, 8], (item) => echo({ n: item }));
});
`;

interface PlanJson {
  readonly tasks: readonly {
    readonly path: string;
    readonly foreseen: string;
    readonly reason: string;
    readonly resources: unknown;
    readonly last_ms: number | null;
  }[];
}

test('a plan says what runs, what is cached and what is skipped, and starts nothing', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE);
  const planned = async (...args: string[]) => {
    const result = await world.run(['plan', 'pipeline.ts', '--json', ...args]);
    assert.equal(result.exitCode, 0, result.stderr);
    const { tasks } = JSON.parse(result.stdout) as PlanJson;
    return { tasks, foreseen: Object.fromEntries(tasks.map(({ path, foreseen }) => [path, foreseen])) };
  };
  const before = await planned();
  const loop = { '/for-loop-3[0]/echo-3': 'RUN', '/for-loop-3[1]/echo-3': 'RUN' };
  assert.deepEqual(before.foreseen, { '/echo': 'RUN', '/heavy': 'LATER', '/condition-1': 'LATER', ...loop });
  assert.equal(before.tasks.find(({ path }) => path === '/heavy')?.reason, 'after echo');

  assert.equal((await world.run(['local', 'pipeline.ts'])).exitCode, 0);
  const after = await planned();
  const cached = { '/for-loop-3[0]/echo-3': 'CACHED', '/for-loop-3[1]/echo-3': 'CACHED' };
  assert.deepEqual(after.foreseen, { '/echo': 'CACHED', '/heavy': 'CACHED', '/condition-1': 'SKIPPED', ...cached });
  assert.ok(after.tasks.find(({ path }) => path === '/echo')!.last_ms! > 0);

  const changed = await planned('-p', 'n=9');
  assert.deepEqual(changed.foreseen, { '/echo': 'RUN', '/heavy': 'LATER', '/condition-1': 'LATER', ...cached });
  const uncached = await planned('--no-cache');
  assert.equal(uncached.foreseen['/for-loop-3[0]/echo-3'], 'RUN');

  const text = await world.run(['plan', 'pipeline.ts', '-p', 'n=9']);
  assert.match(text.stdout, /^runs +\/echo /m);
  assert.match(text.stdout, /1 runs, 2 cached, 2 later\n$/);
  assert.match(text.stdout, /^cached +\/for-loop-3\[0\]\/echo-3 +the same step ran before as [0-9a-f]{8}\.\d+; last /m);
  const { reason } = changed.tasks.find(({ path }) => path === '/for-loop-3[0]/echo-3')!;
  assert.match(reason, /^the same step ran before as [0-9a-f-]{36}\.\d+$/);
});

test('resources of a step are in the plan', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE.replace('first.output }).resources', 'n }).resources'));
  const { stdout } = await world.run(['plan', 'pipeline.ts']);
  assert.match(stdout, /^runs +\/heavy .*; asks 2 CPU, 1 GiB$/m);
});

test('a plan compares what a step asks for with what it used, and writes what it should ask for', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE);
  assert.equal((await world.run(['local', 'pipeline.ts'])).exitCode, 0);
  const { stdout } = await world.run(['plan', 'pipeline.ts', '--no-cache', '-p', 'n=2']);
  const measured = /suggested request: cpu \d+m, memory \d+Mi \(by 1 attempt\); last /.source;
  assert.match(
    stdout,
    new RegExp(`^later +/heavy .*asks 2 CPU, used at most 0\\.\\d+; asks 1 GiB, used at most \\d+ MiB; ${measured}`, 'm'),
  );
  assert.match(stdout, /^runs +\/echo .*; used at most 0\.\d+ CPU, \d+ MiB; suggested request/m);
  const { tasks } = JSON.parse((await world.run(['plan', 'pipeline.ts', '--no-cache', '--json'])).stdout) as {
    tasks: { path: string; advice: readonly string[]; suggested: { python: string; attempts: number; is_older: boolean } }[];
  };
  const heavy = tasks.find(({ path }) => path === '/heavy')!;
  assert.equal(heavy.advice.length, 2);
  assert.match(heavy.suggested.python, /^\.set_cpu_request\('\d+m'\)\.set_memory_request\('\d+Mi'\)$/);
  assert.deepEqual([heavy.suggested.attempts, heavy.suggested.is_older], [1, false]);

  await world.write('pipeline.ts', PIPELINE.replace("'--version'", "'-p', '1'"));
  assert.match((await world.run(['plan', 'pipeline.ts'])).stdout, /heavy .* \(by 1 attempt of an earlier version\)/);
});
