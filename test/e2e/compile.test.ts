import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';

const world = await cliWorld();
after(() => world[Symbol.asyncDispose]());
const read = (file: string) => readFileSync(join(world.folder, file), 'utf8');

await world.write(
  'pipeline.ts',
  `import { component, int, pipeline } from 'pipewright';

const double = component({ name: 'double', inputs: { n: int }, outputs: { doubled: int } }, ({ n }) => ({ doubled: 2 * n }));

export default pipeline({ name: 'doubling', inputs: { n: int.default(4) } }, ({ n }) => {
  const first = double({ n });
  return double({ n: first.output }).output;
});
`,
);

test('a lone TypeScript file in an empty folder compiles and runs', async () => {
  const compiled = await world.run(['compile', 'pipeline.ts', '-o', 'out/pipeline.yaml']);
  assert.equal(compiled.exitCode, 0, compiled.stderr);
  assert.equal(compiled.stderr, '');
  assert.match(read('out/pipeline.yaml'), /^# PIPELINE DEFINITION\n# Name: doubling\n/);
  const run = await world.run(['local', 'pipeline.ts', '-p', 'n=5', '--json']);
  assert.equal(run.exitCode, 0, run.stderr);
  const { state, outputs } = JSON.parse(run.stdout) as { state: string; outputs: { parameters: object } };
  assert.deepEqual([state, outputs.parameters], ['SUCCEEDED', { Output: 20 }]);
});

test('dsl-compile writes the same', () => {
  const program = join(repositoryRoot, 'bin', 'dsl-compile.js');
  execFileSync(process.execPath, [program, '--ts', 'pipeline.ts', '--output', 'old.yaml'], { cwd: world.folder });
  assert.equal(read('old.yaml'), read('out/pipeline.yaml'));
});

test('a mistake is told with file and line, and exits with 2', async () => {
  const text = read('pipeline.ts').replace('double({ n: first.output })', 'double({ m: first.output })');
  await world.write('wrong.ts', text);
  const compiled = await world.run(['compile', 'wrong.ts', '-o', 'wrong.yaml']);
  assert.equal(compiled.exitCode, 2);
  assert.match(compiled.stderr, /line 7, wrong\.ts: double has no input "m"/);
  assert.match(compiled.stderr, /line 7, wrong\.ts: double-2 is missing the input "n" \(int\)/);
});

test('an output with another ending is refused', async () => {
  const compiled = await world.run(['compile', 'pipeline.ts', '-o', 'pipeline.txt']);
  assert.deepEqual([compiled.exitCode, compiled.stderr], [2, 'pipewright: pipeline.txt: the output is a .yaml or .json file\n']);
});
