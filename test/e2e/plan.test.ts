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
});

test('resources of a step are in the plan', async () => {
  await using world = await cliWorld();
  await world.write('pipeline.ts', PIPELINE.replace('first.output }).resources', 'n }).resources'));
  const { stdout } = await world.run(['plan', 'pipeline.ts']);
  assert.match(stdout, /^runs +\/heavy .*2 cpu, 1024 MiB$/m);
});
