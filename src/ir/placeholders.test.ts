import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../base/json.ts';
import { type PlaceholderContext, renderArguments, resolveNested, resolvePlaceholders } from './placeholders.ts';

const dataset = {
  name: 'd1',
  uri: 's3://b/d1',
  type: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
  metadata: { rows: 3, deep: { k: ['x'] } },
};
const context: PlaceholderContext = {
  inputs: {
    parameters: {
      text: 'a "quoted"\nline',
      count: 3,
      list: [1, 'b'],
      nothing: null,
      sly: "{{$.inputs.parameters['count']}}",
      empty: '',
    },
    artifacts: { data: [dataset, { ...dataset, name: 'd2', uri: 's3://b/d2' }] },
  },
  outputs: {
    parameters: { result: '/t/result' },
    artifacts: { model: { name: 'model', uri: 's3://b/model', type: { schemaTitle: 'system.Model' }, metadata: {} } },
    outputFile: '/t/output.json',
  },
  run: {
    jobName: 'my run',
    jobResourceName: 'my-run-1',
    jobUuid: 'run-id',
    taskName: 'train',
    taskUuid: 'task-id',
    pipelineRoot: 's3://b/root',
    createdAtMs: Date.UTC(2026, 7, 22, 2, 40, 3, 999),
    scheduledAtMs: Date.UTC(2026, 0, 1),
  },
  pathOf: (uri) => uri.replace('s3://', '/s3/'),
};
const withoutOutputs: PlaceholderContext = { inputs: context.inputs, run: context.run, pathOf: (uri) => uri };

const rows: readonly [template: string, expected: string][] = [
  ['plain $(x) {{x}} {$}', 'plain $(x) {{x}} {$}'],
  ["n={{$.inputs.parameters['count']}}!", 'n=3!'],
  ['{{$.inputs.parameters["count"]}}', '3'],
  ["{{$.inputs.parameters['list']}}", '[1,"b"]'],
  ["[{{$.inputs.parameters['nothing']}}]", '[]'],
  ["[{{$.inputs.parameters['missing']}}]", '[]'],
  ["[{{$.inputs.parameters['constructor']}}]", '[]'],
  ["{{$.inputs.parameters['sly']}}", "{{$.inputs.parameters['count']}}"],
  ["{{$.inputs.parameters['text'].json_escape[1]}}", 'a \\"quoted\\"\\nline'],
  ["{{$.inputs.artifacts['data'].uri}}", 's3://b/d1'],
  ["{{$.inputs.artifacts['data'].path}}", '/s3/b/d1'],
  ["{{$.inputs.artifacts['data'].name}}", 'd1'],
  ["{{$.inputs.artifacts['data'].metadata}}", '{"rows":3,"deep":{"k":["x"]}}'],
  ["{{$.inputs.artifacts['data'].metadata['rows']}}", '3'],
  ["{{$.inputs.artifacts['data'].metadata['deep']['k'][0]}}", 'x'],
  ["{{$.inputs.artifacts['data'].properties['rows']}}", '3'],
  ["[{{$.inputs.artifacts['data'].metadata['missing']}}]", '[]'],
  ["[{{$.inputs.artifacts['missing'].uri}}{{$.inputs.artifacts['missing'].path}}{{$.inputs.artifacts['missing']}}]", '[]'],
  ["{{$.outputs.artifacts['model'].uri}} {{$.outputs.artifacts['model'].path}}", 's3://b/model /s3/b/model'],
  ["{{$.outputs.parameters['result'].output_file}}", '/t/result'],
  ['{{$.outputs.output_file}} {{$.outputMetadataUri}}', '/t/output.json /t/output.json'],
  ['{{$.pipeline_job_name}}|{{$.pipeline_job_resource_name}}|{{$.pipeline_job_uuid}}', 'my run|my-run-1|run-id'],
  ['{{$.pipeline_task_name}}|{{$.pipeline_task_uuid}}|{{$.pipeline_root}}', 'train|task-id|s3://b/root'],
  ['{{$.pipeline_job_create_time_utc}} {{$.pipeline_job_schedule_time_utc}}', '2026-08-22T02:40:03Z 2026-01-01T00:00:00Z'],
  ['{{$.workspace_path}}/x{{$.pipeline_google_cloud_location}}', '/kfp-workspace/x'],
  ['{{$.no_such_thing}} {{$.inputs.what}} {{$ }', '{{$.no_such_thing}} {{$.inputs.what}} {{$ }'],
];
for (const [template, expected] of rows) {
  test(`${template} stands for ${expected}`, () => assert.equal(resolvePlaceholders(template, context), expected));
}

test('a whole artifact input is the JSON list of its artifacts', () => {
  const list = JSON.parse(resolvePlaceholders("{{$.inputs.artifacts['data']}}", context)) as JsonValue[];
  assert.equal(list.length, 2);
  assert.deepEqual(list[0], { name: 'd1', uri: 's3://b/d1', type: dataset.type, metadata: dataset.metadata });
});

test('{{$}} is the executor input, raw, and escaped where asked for', () => {
  const text = resolvePlaceholders('--input={{$}}', context);
  const input = JSON.parse(text.slice('--input='.length)) as { inputs: { parameterValues: Record<string, JsonValue> } };
  assert.equal(input.inputs.parameterValues['text'], 'a "quoted"\nline');
  assert.equal('nothing' in input.inputs.parameterValues, false);
  const escaped = JSON.parse(resolvePlaceholders('{"a":"{{$.json_escape[1]}}"}', context)) as { a: string };
  assert.deepEqual(JSON.parse(escaped.a), input);
});

test('before the outputs are known, placeholders about them are left as they are', () => {
  const text = "{{$}} {{$.outputs.artifacts['model'].uri}} {{$.inputs.parameters['count']}}";
  assert.equal(resolvePlaceholders(text, withoutOutputs), "{{$}} {{$.outputs.artifacts['model'].uri}} 3");
});

test('constants are resolved at any depth, in keys too', () => {
  const constant = {
    "k-{{$.inputs.parameters['count']}}": ['{{$.pipeline_task_name}}', { x: "{{$.inputs.parameters['text']}}" }, 5, null],
  };
  assert.deepEqual(resolveNested(constant, context), { 'k-3': ['train', { x: 'a "quoted"\nline' }, 5, null] });
});

const structures: readonly [elements: readonly JsonValue[], expected: readonly string[]][] = [
  [[{ IfPresent: { InputName: 'count', Then: ['--count', "{{$.inputs.parameters['count']}}"] } }], ['--count', '3']],
  [[{ IfPresent: { InputName: 'missing', Then: ['--x'] } }, 'end'], ['end']],
  [[{ IfPresent: { InputName: 'nothing', Then: 'yes', Else: 'no' } }], ['no']],
  [[{ IfPresent: { InputName: 'nothing', Then: 'yes', Else: ['n', 'o'] } }], ['n', 'o']],
  [[{ IfPresent: { InputName: 'data', Then: "{{$.inputs.artifacts['data'].uri}}" } }], ['s3://b/d1']],
  [[{ IfPresent: { InputName: 'empty', Then: 'given' } }], ['given']],
  [
    [{ Concat: ['--n=', "{{$.inputs.parameters['count']}}", { IfPresent: { InputName: 'missing', Then: 'x' } }, '!'] }],
    ['--n=3!'],
  ],
  [[{ IfPresent: { InputName: 'count', Then: [{ Concat: ['a', { Concat: ['b', 'c'] }] }, 'd'] } }], ['abc', 'd']],
  [[{ Concat: ['{"a": ', "{{$.inputs.parameters['list']}}", '}'] }], ['{"a": [1,"b"]}']],
  [[{ Concat: 'not a list' }], ['{"Concat":"not a list"}']],
  [
    ['{"Concat": broken', ''],
    ['{"Concat": broken', ''],
  ],
];
for (const [elements, expected] of structures) {
  test(`${JSON.stringify(elements)} becomes ${JSON.stringify(expected)}`, () => {
    const given = elements.map((element) => (typeof element === 'string' ? element : JSON.stringify(element)));
    assert.deepEqual(renderArguments(given, context), expected);
  });
}

test('a value that looks like a structure is not expanded', () => {
  const sly = { ...context, inputs: { ...context.inputs, parameters: { p: '{"Concat": ["a", "b"]}' } } };
  assert.deepEqual(renderArguments(["{{$.inputs.parameters['p']}}"], sly), ['{"Concat": ["a", "b"]}']);
});
