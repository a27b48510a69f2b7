// The example that fails on purpose, examples/learning-rate: it says why, and a clone with another parameter succeeds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';

const example = join(repositoryRoot, 'examples/learning-rate');

interface Json {
  readonly run_id: string;
  readonly outputs: { readonly parameters: { readonly verdict?: string } };
  readonly tasks: readonly { readonly path: string; readonly state: string; readonly error: string | null }[];
}

test('pipeline.yaml is what pipeline.ts compiles to', async () => {
  await using world = await cliWorld();
  const result = await world.run(['compile', join(example, 'pipeline.ts'), '-o', 'out.yaml']);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.equal(readFileSync(join(world.folder, 'out.yaml'), 'utf8'), readFileSync(join(example, 'pipeline.yaml'), 'utf8'));
});

test('the training fails with what to try; with that, only what depends on it runs', async () => {
  await using world = await cliWorld();
  const first = await world.run(['local', join(example, 'pipeline.yaml'), '--json']);
  assert.equal(first.exitCode, 1);
  assert.match(first.stderr + first.stdout, /learning_rate 2.5 is too large, try 0.5/);
  const again = await world.run(['local', '--clone', 'last', '-p', 'learning_rate=0.5', '--json']);
  assert.equal(again.exitCode, 0, again.stderr);
  const { tasks, outputs } = JSON.parse(again.stdout) as Json;
  const states = Object.fromEntries(tasks.map(({ path, state }) => [path, state]));
  assert.deepEqual(
    [states['/make-data'], states['/make-data-2'], states['/train'], states['/report']],
    ['CACHED', 'CACHED', 'SUCCEEDED', 'SUCCEEDED'],
  );
  assert.match(outputs.parameters.verdict!, /^loss 0\.0/);
});
