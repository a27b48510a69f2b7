// The flagship example, examples/penguins, through the command line: what it computes, and what it does again when something changes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pipelineText } from '../../examples/penguins/make-pipeline.ts';
import { cliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';

const example = join(repositoryRoot, 'examples/penguins');

interface Json {
  readonly state: string;
  readonly outputs: {
    readonly parameters: { readonly accuracy: number; readonly verdict: string };
    readonly artifacts: { readonly report: { readonly type: string; readonly uri: string } };
  };
  readonly tasks: readonly {
    readonly path: string;
    readonly state: string;
    readonly outputs: {
      readonly parameters: Record<string, unknown>;
      readonly artifacts: Record<string, { readonly metadata: unknown }>;
    };
  }[];
}

test('pipeline.yaml is what its sources make', () => {
  assert.equal(
    readFileSync(join(example, 'pipeline.yaml'), 'utf8'),
    pipelineText(),
    'run: node examples/penguins/make-pipeline.ts',
  );
});

test('the example trains, chooses, releases and reports; a stricter threshold runs only what depends on it', async () => {
  await using world = await cliWorld();
  const run = async (args: readonly string[]): Promise<Json> => {
    const result = await world.run(['local', ...args, '--json']);
    assert.equal(result.exitCode, 0, result.stderr);
    return JSON.parse(result.stdout) as Json;
  };
  const first = await run([join(example, 'pipeline.yaml'), '-p', `data_uri=${join(example, 'data/penguins.csv')}`]);
  const task = (json: Json, path: string) => json.tasks.find((candidate) => candidate.path === path);
  assert.ok(first.outputs.parameters.accuracy > 0.95);
  assert.match(first.outputs.parameters.verdict, /^released/);
  assert.equal(first.outputs.artifacts.report.type, 'system.HTML');
  assert.ok(existsSync(first.outputs.artifacts.report.uri));
  assert.equal(task(first, '/training/for-each-candidate[7]/train')?.state, 'SUCCEEDED');
  assert.equal(task(first, '/training/decide/else')?.state, 'SKIPPED');
  assert.match(String(task(first, '/tell')?.outputs.parameters['message']), /training ended: COMPLETE/);
  const { confusion } = task(first, '/training/evaluate')!.outputs.artifacts;
  assert.deepEqual(Object.keys(confusion!.metadata as object), ['confusionMatrix']);

  const stricter = await run(['--clone', 'last', '-p', 'min_accuracy=0.999']);
  assert.match(stricter.outputs.parameters.verdict, /^held back/);
  assert.equal(task(stricter, '/training/for-each-candidate[7]/train')?.state, 'CACHED');
  assert.equal(task(stricter, '/training/decide/else/hold-back')?.state, 'SUCCEEDED');
});
