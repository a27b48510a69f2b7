import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';

const world = await cliWorld();
after(() => world[Symbol.asyncDispose]());

test('a new project runs, is planned, compiles and passes its tests', async () => {
  const made = await world.run(['init', '.']);
  assert.equal(made.exitCode, 0, made.stderr);
  const run = await world.run(['local', 'pipeline.ts', '-p', 'rows=12', '--json']);
  assert.equal(run.exitCode, 0, run.stderr);
  const { outputs } = JSON.parse(run.stdout) as { outputs: { parameters: object } };
  assert.deepEqual(outputs.parameters, { lines: 12, verdict: '12 LINES ARE ENOUGH!' });
  for (const args of [
    ['plan', 'pipeline.ts'],
    ['compile', 'pipeline.ts', '-o', 'pipeline.yaml'],
  ]) {
    const result = await world.run(args);
    assert.equal(result.exitCode, 0, result.stderr);
  }
  const tested = await world.run(['test']);
  assert.equal(tested.exitCode, 0, tested.stdout + tested.stderr);
  assert.match(tested.stdout, /pass 2\b/);
});

test('an editor finds nothing to underline in it', () => {
  mkdirSync(join(world.folder, 'node_modules'), { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules', '@types'), join(world.folder, 'node_modules', '@types'));
  const tsc = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  // The types of Node come with npm install; strictness beyond the project's own is the repository's affair.
  execFileSync(process.execPath, [tsc, '-p', world.folder, '--types', 'node'], { stdio: 'pipe' });
});

test('a failing test ends with 1', async () => {
  const text = readFileSync(join(world.folder, 'pipeline.test.ts'), 'utf8');
  await world.write('failing.test.ts', text.replace('lines: 10', 'lines: 11'));
  const tested = await world.run(['test', 'failing.test.ts']);
  assert.equal(tested.exitCode, 1, tested.stdout);
});

test('an existing file is never overwritten', async () => {
  const again = await world.run(['init', '.']);
  assert.equal(again.exitCode, 2);
  assert.match(again.stderr, /has .*pipeline\.ts.* already/);
  const elsewhere = await world.run(['init', 'My Model']);
  assert.equal(elsewhere.exitCode, 0, elsewhere.stderr);
  assert.ok(existsSync(join(world.folder, 'My Model', 'steps', 'count-lines.ts')));
  assert.match(readFileSync(join(world.folder, 'My Model', 'pipeline.ts'), 'utf8'), /name: 'my-model'/);
});
