import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { zipSync } from 'fflate';
import { ProductError } from '../base/errors.ts';
import { componentDigest } from './digest.ts';
import { loadComponentFromBytes, loadComponentFromFile, loadComponentFromText } from './load-component.ts';

const VERSION_1 = `name: Count rows
description: Counts
inputs:
- {name: Table, type: CSV}
- {name: Max rows, type: Integer, default: '5', description: at most}
- {name: Region, type: GCPRegion}
outputs: [{name: Row count, type: Integer}]
implementation:
  container:
    image: busybox
    command: [count, {inputPath: Table}, {inputValue: Max rows}, {inputValue: Region}, {outputPath: Row count}]
`;

const COMPILED = `# PIPELINE DEFINITION
# Name: add
# Description: Adds numbers,
#              carefully.
components:
  comp-add:
    executorLabel: exec-add
    inputDefinitions: {parameters: {a: {parameterType: NUMBER_INTEGER}, b: {parameterType: NUMBER_INTEGER, isOptional: true, defaultValue: 2.0}}}
    outputDefinitions: {parameters: {Output: {parameterType: NUMBER_INTEGER}}}
deploymentSpec:
  executors:
    exec-add: {container: {image: 'python:3.11', command: [python3], args: ['{{$}}']}}
pipelineInfo: {name: add}
root:
  dag:
    tasks: {add: {componentRef: {name: comp-add}, inputs: {parameters: {a: {componentInputParameter: a}, b: {componentInputParameter: b}}}, taskInfo: {name: add}}}
  inputDefinitions: {parameters: {a: {parameterType: NUMBER_INTEGER}, b: {parameterType: NUMBER_INTEGER, isOptional: true}}}
schemaVersion: 2.1.0
`;

function failure(load: () => unknown): ProductError {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof ProductError, String(error));
    return error;
  }
  return assert.fail('it should not have been loaded');
}

describe('a version 1 component', () => {
  const component = loadComponentFromText(VERSION_1);

  it('has its ports under the names a task passes them by', () => {
    assert.equal(component.kind, 'v1');
    assert.equal(component.description, 'Counts');
    assert.deepEqual(
      component.inputs.map(({ name, originalName, kind, optional }) => ({ name, originalName, kind, optional })),
      [
        { name: 'table', originalName: 'Table', kind: 'artifact', optional: false },
        { name: 'max_rows', originalName: 'Max rows', kind: 'parameter', optional: true },
        { name: 'region', originalName: 'Region', kind: 'parameter', optional: false },
      ],
    );
    assert.deepEqual(component.inputs[1], {
      name: 'max_rows',
      originalName: 'Max rows',
      description: 'at most',
      kind: 'parameter',
      parameterType: 'NUMBER_INTEGER',
      isArtifactList: false,
      optional: true,
      default: 5,
    });
    assert.equal(component.digest, componentDigest(VERSION_1));
  });

  it('gives its pieces for a compiled pipeline', () => {
    const { name, component: spec, executor, components, executors } = component.ir();
    assert.equal(spec.executorLabel, `exec-${name}`);
    assert.equal(executor?.kind, 'container');
    assert.deepEqual({ components, executors }, { components: {}, executors: {} });
    assert.deepEqual(Object.keys(component.ir({ as: { Table: 'parameter' } }).component.inputDefinitions.parameters), [
      'table',
      'max_rows',
      'region',
    ]);
  });

  it('resolves by the names of the file, and by those of a task', () => {
    assert.deepEqual(component.resolve({ table: 't', max_rows: 7, region: 'eu' }).command[2], '7');
    assert.deepEqual(component.resolve({ Table: 't', Region: 'eu' }).command.slice(2), [
      '5',
      'eu',
      '/tmp/outputs/Row_count/data',
    ]);
    assert.equal(failure(() => component.resolve({})).code, 'INVALID_ARGUMENTS');
  });

  it('a graph loads, and says that it has no IR form when that is asked for', () => {
    const graph = loadComponentFromText(
      'name: g\ninputs: [{name: x, type: Integer}]\nimplementation: {graph: {tasks: {}, outputValues: {}}}',
    );
    assert.equal(graph.inputs[0]?.parameterType, 'NUMBER_INTEGER');
    assert.equal(failure(() => graph.ir()).code, 'UNSUPPORTED');
  });
});

describe('a compiled component', () => {
  const component = loadComponentFromText(COMPILED);

  it('is the container that is named like it', () => {
    assert.equal(component.kind, 'ir');
    assert.equal(component.description, 'Adds numbers,\ncarefully.');
    assert.deepEqual(
      component.inputs.map(({ name, optional, default: preset }) => [name, optional, preset]),
      [
        ['a', false, undefined],
        ['b', true, 2],
      ],
    );
    assert.deepEqual(
      component.outputs.map(({ name }) => name),
      ['Output'],
    );
    const fragment = component.ir();
    assert.deepEqual(
      [fragment.component.executorLabel, fragment.component.dag, fragment.components],
      ['exec-add', undefined, {}],
    );
  });

  it('is a whole pipeline when no executor is named like it', () => {
    const fragment = loadComponentFromText(COMPILED.replace('pipelineInfo: {name: add}', 'pipelineInfo: {name: sum}')).ir();
    assert.equal(fragment.executor, undefined);
    assert.deepEqual(
      [Object.keys(fragment.component.dag!.tasks), Object.keys(fragment.components), Object.keys(fragment.executors)],
      [['add'], ['comp-add'], ['exec-add']],
    );
  });

  it('has no command line before it runs', () => {
    assert.equal(failure(() => component.resolve({ a: 1 })).code, 'UNSUPPORTED');
  });

  it('is recognised as JSON, too', () => {
    const json = JSON.stringify({ pipelineInfo: { name: 'x' }, root: { dag: { tasks: {} } }, schemaVersion: '2.1.0' });
    assert.throws(() => loadComponentFromText(json.replace('"root"', '"roof"')), ProductError);
  });
});

describe('files', () => {
  it('a file and a zip archive are read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'component-'));
    try {
      const file = join(folder, 'component.yaml');
      writeFileSync(file, VERSION_1);
      assert.equal(loadComponentFromFile(file).source, file);
      assert.equal(loadComponentFromBytes(zipSync({ 'component.yaml': Buffer.from(VERSION_1) })).name, 'Count rows');
      assert.equal(failure(() => loadComponentFromFile(folder)).hint, 'give the path of the component.yaml itself');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const refused: readonly (readonly [title: string, data: Uint8Array, message: RegExp])[] = [
    ['an archive without component.yaml', zipSync({ 'other.yaml': Buffer.from('x') }), /has no component.yaml/],
    ['a broken archive', Buffer.from('PK\x03\x04garbage'), /cannot be opened/],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), /not UTF-8/],
    ['nothing', Buffer.from(''), /no usable component/],
    ['a broken component', Buffer.from('name: [\n'), /no usable component/],
  ];
  for (const [title, data, message] of refused) {
    it(title, () => assert.match(failure(() => loadComponentFromBytes(data)).message, message));
  }
});
