import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { join } from 'node:path';
import { cliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';

test('the first pipeline of the README, copied into an empty folder, runs in one command', async () => {
  const [, code] = /```ts\n(.*?)```/s.exec(readFileSync(join(repositoryRoot, 'README.md'), 'utf8')) ?? [];
  assert(code, 'the README has a pipeline in TypeScript');
  await using world = await cliWorld();
  const file = await world.write('hello.ts', code);
  const result = await world.run(['local', file, '-p', 'name=Ada', '--json']);
  assert.equal(result.exitCode, 0, result.stderr);
  const run = JSON.parse(result.stdout) as { state: string; outputs: { parameters: Record<string, unknown> } };
  assert.equal(run.state, 'SUCCEEDED');
  assert.deepEqual(Object.values(run.outputs.parameters), ['Hello, Ada!']);
});
