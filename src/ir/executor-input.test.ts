import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executorInput, readExecutorOutput } from './executor-input.ts';

test('the executor input has the members and spellings the runtime reads', () => {
  const type = { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' };
  const artifact = { name: 'data', uri: '/r/data', type, metadata: { rows: 3 } };
  const input = executorInput(
    { parameters: { n: 3, gone: null }, artifacts: { data: [artifact, artifact] } },
    { parameters: { Output: '/t/Output' }, artifacts: { model: { ...artifact, name: 'model' } }, outputFile: '/t/out.json' },
  );
  assert.deepEqual(input, {
    inputs: { parameterValues: { n: 3 }, artifacts: { data: { artifacts: [artifact, artifact] } } },
    outputs: {
      parameters: { Output: { outputFile: '/t/Output' } },
      artifacts: { model: { artifacts: [{ ...artifact, name: 'model' }] } },
      outputFile: '/t/out.json',
    },
  });
});

const reported = { name: 'm', uri: 'u', metadata: { x: 1 } };
const spellings: readonly object[] = [
  { parameterValues: { a: [1] }, artifacts: { m: { artifacts: [{ ...reported, customPath: '/c' }] } } },
  { parameter_values: { a: [1] }, artifacts: { m: { artifacts: [{ ...reported, custom_path: '/c' }] } } },
];
for (const spelling of spellings) {
  test(`an executor output with ${Object.keys(spelling)[0]} is read`, () => {
    const output = { parameters: { a: [1] }, artifacts: { m: [{ ...reported, customPath: '/c' }] } };
    assert.deepEqual(readExecutorOutput(JSON.stringify(spelling)), { kind: 'output', output });
  });
}

test('typed parameters of the older schema become plain values', () => {
  const text = '{"parameters": {"i": {"intValue": "7"}, "d": {"doubleValue": 0.5}, "s": {"stringValue": ""}}}';
  assert.deepEqual(readExecutorOutput(text), { kind: 'output', output: { parameters: { i: 7, d: 0.5, s: '' }, artifacts: {} } });
});

const malformed: readonly [text: string, path: string][] = [
  ['', ''],
  ['[]', ''],
  ['{"parameterValues": []}', 'parameterValues'],
  ['{"artifacts": {"m": [1]}}', 'artifacts.m'],
  ['{"artifacts": {"m": {"artifacts": "x"}}}', 'artifacts.m'],
];
for (const [text, path] of malformed) {
  test(`the executor output ${JSON.stringify(text)} is a problem at "${path}"`, () => {
    const result = readExecutorOutput(text);
    assert.equal(result.kind === 'problem' ? result.problem.path : 'none', path);
  });
}

test('an empty object is an output without anything', () => {
  assert.deepEqual(readExecutorOutput('{}'), { kind: 'output', output: { parameters: {}, artifacts: {} } });
});
