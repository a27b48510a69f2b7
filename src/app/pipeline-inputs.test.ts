import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp } from '../../test/support/test-app.ts';
import type { JsonObject } from '../base/json.ts';
import { readPipeline } from '../ir/read.ts';
import { pipelineInputs, recentArguments } from './pipeline-inputs.ts';
import { createRun } from './runs.ts';

const base = stepPipeline({ steps: { only: { sh: 'true' } } });
const spec: JsonObject = {
  ...base,
  pipelineInfo: { name: 'inputs', description: 'shows its inputs' },
  root: {
    ...(base['root'] as JsonObject),
    inputDefinitions: {
      parameters: {
        needed: { parameterType: 'NUMBER_DOUBLE', description: 'how much' },
        optional: { parameterType: 'STRING', isOptional: true },
        preset: { parameterType: 'LIST', defaultValue: [1, 2], isOptional: true },
        empty: { parameterType: 'STRING', defaultValue: '', isOptional: true },
      },
      artifacts: {
        table: { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } },
        models: { artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' }, isArtifactList: true, isOptional: true },
      },
    },
  },
};

const document = readPipeline(JSON.stringify(spec));

test('Parameters are told with their types, what they are for, and whether they have to be given.', () => {
  const { pipelineName, description, parameters } = pipelineInputs(document);
  assert.deepEqual([pipelineName, description], ['inputs', 'shows its inputs']);
  assert.deepEqual(
    parameters.map(({ name, type, isOptional, default: value }) => [name, type, isOptional, value]),
    [
      ['needed', 'NUMBER_DOUBLE', false, undefined],
      ['optional', 'STRING', true, undefined],
      ['preset', 'LIST', true, [1, 2]],
      ['empty', 'STRING', true, ''],
    ],
  );
  assert.equal(parameters[0]!.description, 'how much');
});

test('Artifacts are told with their types, and whether they are lists.', () => {
  assert.deepEqual(
    pipelineInputs(document).artifacts.map(({ name, type, isOptional, isList }) => [name, type, isOptional, isList]),
    [
      ['table', 'system.Dataset', false, false],
      ['models', 'system.Model', true, true],
    ],
  );
});

test('An argument that the document brings along is the default, and the parameter is optional.', () => {
  const [needed] = pipelineInputs({ ...document, defaultArguments: { needed: 0.5 } }).parameters;
  assert.deepEqual([needed!.default, needed!.isOptional], [0.5, true]);
});

test('Of recent runs, each set of arguments is told once, the newest first, and no empty one.', async () => {
  await using given = await testApp();
  const runnable = { ...spec, root: { ...(spec['root'] as JsonObject), inputDefinitions: { parameters: parametersOnly } } };
  const sets = [{}, { needed: 1 }, { needed: 2, optional: 'x' }, { optional: 'x', needed: 2 }, { needed: 1 }, {}];
  for (const parameters of sets) {
    given.clock.advance(1_000);
    await createRun(given.app, { displayName: 'r', source: inline(runnable), parameters: () => parameters });
  }
  const every = { field: 'pipeline_name', operation: 'eq', values: ['inputs'] } as const;
  assert.deepEqual(await recentArguments(given.app, [every]), [{ needed: 1 }, { optional: 'x', needed: 2 }]);
});

const parametersOnly: JsonObject = {
  needed: { parameterType: 'NUMBER_DOUBLE', isOptional: true },
  optional: { parameterType: 'STRING', isOptional: true },
};
