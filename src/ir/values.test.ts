import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ParameterDefinition, ParameterType, PipelineSpec } from './spec.ts';
import {
  checkArguments,
  convertInput,
  fillArguments,
  parseCpuMillis,
  parseMemoryBytes,
  parseQuantity,
  textToValue,
  valueToText,
} from './values.ts';

const texts: readonly [value: JsonValue, text: string][] = [
  [null, ''],
  ['x', 'x'],
  [3.0, '3'],
  [0.1, '0.1'],
  [1e21, '1000000000000000000000'],
  [-1.5e22, '-15000000000000000000000'],
  [1.234e-7, '0.0000001234'],
  [5e-7, '0.0000005'],
  [true, 'true'],
  [[1, 'a'], '[1,"a"]'],
  [{ k: [null] }, '{"k":[null]}'],
];
for (const [value, text] of texts) {
  test(`${JSON.stringify(value)} is handed to a step as "${text}"`, () => assert.equal(valueToText(value), text));
}

const read: readonly [type: ParameterType, text: string, value: JsonValue | undefined][] = [
  ['STRING', ' a\n', ' a\n'],
  ['NUMBER_INTEGER', ' 42\n', 42],
  ['NUMBER_INTEGER', '+5', 5],
  ['NUMBER_INTEGER', '5.0', undefined],
  ['NUMBER_INTEGER', '99999999999999999999', undefined],
  ['NUMBER_DOUBLE', '1e3', 1000],
  ['NUMBER_DOUBLE', '.5', 0.5],
  ['NUMBER_DOUBLE', 'NaN', undefined],
  ['NUMBER_DOUBLE', '', undefined],
  ['BOOLEAN', 'True\n', true],
  ['BOOLEAN', 'f', false],
  ['BOOLEAN', 'yes', undefined],
  ['LIST', '[1]', [1]],
  ['LIST', '{}', undefined],
  ['STRUCT', '{"a": 1}', { a: 1 }],
  ['STRUCT', 'null', undefined],
  ['STRUCT', '{', undefined],
];
for (const [type, text, value] of read) {
  test(`the output file "${text.trim()}" of type ${type} ${value === undefined ? 'is refused' : 'is read'}`, () => {
    const result = textToValue(type, text);
    if (value === undefined) assert.equal(result.kind, 'error');
    else assert.deepEqual(result, { kind: 'value', value });
  });
}

const definition = (parameterType: ParameterType, more: Partial<ParameterDefinition> = {}): ParameterDefinition => ({
  parameterType,
  isOptional: false,
  ...more,
});

const conversions: readonly [definition: ParameterDefinition, value: JsonValue, expected: JsonValue | RegExp][] = [
  [definition('STRING'), 3, '3'],
  [definition('STRING'), { a: 1 }, '{"a":1}'],
  [definition('NUMBER_INTEGER'), 1.5, 1.5],
  [definition('NUMBER_INTEGER'), '5', /type mismatch: expect NUMBER_INTEGER, got string/],
  [definition('LIST'), {}, /expect LIST, got struct/],
  [definition('STRUCT'), null, /got null for input parameter "p"/],
  [definition('TASK_FINAL_STATUS'), { state: 'COMPLETE' }, { state: 'COMPLETE' }],
  [definition('STRING', { literals: ['a', 'b'] }), 'b', 'b'],
  [definition('STRING', { literals: ['a', 'b'] }), 'c', /does not match any of the allowed literal values: \["a", "b"\]/],
];
for (const [declared, value, expected] of conversions) {
  test(`${JSON.stringify(value)} for an input of type ${declared.parameterType}: ${expected instanceof RegExp ? 'refused' : 'taken'}`, () => {
    const result = convertInput('p', declared, value);
    if (expected instanceof RegExp) assert.match(result.kind === 'error' ? result.message : '', expected);
    else assert.deepEqual(result, { kind: 'value', value: expected });
  });
}

type Inputs = PipelineSpec['root']['inputDefinitions'];

function specWith(parameters: Inputs['parameters'], artifacts: Inputs['artifacts'] = {}): PipelineSpec {
  const inputDefinitions = { parameters, artifacts };
  const root = { inputDefinitions, outputDefinitions: { parameters: {}, artifacts: {} }, taskConfigPassthroughs: [] };
  return { pipelineInfo: { name: 'p' }, schemaVersion: '2.1.0', root, components: {}, executors: {} };
}

describe('arguments of a run', () => {
  const spec = specWith({
    count: definition('NUMBER_INTEGER'),
    name: definition('STRING', { defaultValue: 'x' }),
    maybe: definition('LIST', { isOptional: true }),
    final: definition('TASK_FINAL_STATUS', { isOptional: true }),
  });
  const rows: readonly [args: JsonObject, messages: readonly string[]][] = [
    [{ count: 1 }, []],
    [{}, ['parameter count is not optional, yet has neither default value nor user provided value']],
    [
      { count: '1' },
      ['input parameter count requires type double or integer, but the parameter value is not of number value type'],
    ],
    [{ count: 1, name: 2 }, ['input parameter name requires type string, but the input parameter is not of string value type']],
    [{ count: 1, maybe: null }, ['input parameter maybe requires type list, but the input parameter is not of list value type']],
    [{ count: 1, final: {} }, ['input parameter final requires type TASK_FINAL_STATUS, which is invalid for root component']],
    [{ count: 1, a: 1, b: 2 }, ['parameter(s) provided are not required by pipeline: a, b']],
  ];
  for (const [args, messages] of rows) {
    test(`${JSON.stringify(args)} ${messages.length === 0 ? 'can start' : 'is refused'}`, () => {
      const found = checkArguments(spec, args).map(({ message }) => message);
      assert.deepEqual(found, messages);
    });
  }

  test('a required artifact of the root must be given', () => {
    const withArtifact = specWith({}, { data: { artifactType: {}, isArtifactList: false, isOptional: false } });
    assert.equal(checkArguments(withArtifact, {})[0]?.path, 'artifacts.data');
    assert.deepEqual(checkArguments(withArtifact, {}, { artifactNames: ['data'] }), []);
  });

  test('what is not given gets its default, then null if it is optional', () => {
    assert.deepEqual(fillArguments(spec, { count: 1 }), { count: 1, name: 'x', maybe: null, final: null });
  });
});

const quantities: readonly [text: string, base: number | undefined][] = [
  ['500m', 0.5],
  ['2', 2],
  ['0.5', 0.5],
  ['1e3', 1000],
  ['15G', 15e9],
  ['2Gi', 2 ** 31],
  ['1E', 1e18],
  ['64K', 64_000],
  ['', undefined],
  ['5 apples', undefined],
  ['{{$}}', undefined],
];
for (const [text, base] of quantities) {
  test(`the quantity "${text}" is ${base ?? 'none'}`, () => assert.equal(parseQuantity(text), base));
}

test('quantities become whole millicores and bytes, rounded up', () => {
  assert.equal(parseCpuMillis('0.1'), 100);
  assert.equal(parseCpuMillis('1001m'), 1001);
  assert.equal(parseCpuMillis('1u'), 1);
  assert.equal(parseMemoryBytes('0.5Ki'), 512);
  assert.equal(parseMemoryBytes('x'), undefined);
});
