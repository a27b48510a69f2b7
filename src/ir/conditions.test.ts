import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../base/json.ts';
import { evaluateCondition, evaluateSelector, expressionProblem } from './conditions.ts';
import type { StepInputs } from './executor-input.ts';

const inputs: StepInputs = {
  parameters: {
    one: 1,
    big: 4999.9,
    text: 'heads',
    yes: true,
    list: [1, 2],
    nothing: null,
    'pipelinechannel--flip-coin-Output': 'tails',
  },
  artifacts: {
    model: [{ name: 'm', uri: 'gs://b/m', type: { schemaTitle: 'system.Model' }, metadata: { accuracy: 0.5, blessed: 1 } }],
  },
};
const P = (name: string) => `inputs.parameter_values['${name}']`;

const values: readonly [condition: string, expected: boolean][] = [
  [`${P('pipelinechannel--flip-coin-Output')} == 'heads'`, false],
  [`!(${P('pipelinechannel--flip-coin-Output')} == 'heads')`, true],
  [`int(${P('one')}) == 1`, true],
  [`${P('one')} == 1`, true],
  [`${P('one')} == 1.0`, true],
  [`1 == 1.0`, true],
  [`int(${P('one')}) == 1.0`, true],
  [`double(int(${P('one')})) >= 0.5`, true],
  [`int(${P('big')}) == 4999`, true],
  [`!(int(${P('big')}) < 5000) && !(int(${P('big')}) > 5000)`, false],
  [`int(${P('one')}) > -3`, true],
  [`${P('one')} < 1e-05`, false],
  [`${P('yes')} == true`, true],
  [`${P('yes')} == 'true'`, false],
  [`'true' == true`, false],
  [`'a' != true`, true],
  [`${P('text')} == 1`, false],
  [`${P('text')} != 'no-such-result'`, true],
  [`${P('nothing')} == null`, true],
  [`size(${P('list')}) == 2`, true],
  [`${P('text')} + 'y' == 'headsy'`, true],
  [`has(inputs.parameter_values.one) && !has(inputs.parameter_values.two)`, true],
  [`${P('missing')} == 1 || true`, true],
  [`inputs.artifacts['model'].artifacts[0].metadata['accuracy'] < 0.6`, true],
  [`inputs.artifacts['model'].artifacts[0].properties['blessed'] == 1.0`, true],
  [`inputs.artifacts['model'].artifacts[0].uri == 'gs://b/m'`, true],
];
for (const [condition, expected] of values) {
  test(`the condition ${condition} is ${expected}`, () => {
    assert.deepEqual(evaluateCondition(condition, inputs), { kind: 'value', value: expected });
  });
}

const errors: readonly [condition: string, message: RegExp][] = [
  [`${P('missing')} == 1`, /no such key: missing/],
  [`${P('text')} < 1`, /no such overload/],
  [P('text'), /return type is not bool/],
  [`int(${P('text')}) == 1`, /int\(\)/],
  [`'int(inputs.parameter_values['x'])' == 'a'`, /syntax error/],
  ['', /syntax error/],
];
for (const [condition, message] of errors) {
  test(`the condition "${condition}" is an error, neither true nor false`, () => {
    const result = evaluateCondition(condition, inputs);
    assert.equal(result.kind, 'error');
    assert.match(result.kind === 'error' ? result.message : '', message);
  });
}

const selections: readonly [selector: string, value: JsonValue, expected: JsonValue][] = [
  ['parseJson(string_value)["A_a"]', { A_a: 'heads', B_b: ['x'] }, 'heads'],
  ['parseJson(string_value)["B_b"]', '{"B_b": [1, {"c": null}]}', [1, { c: null }]],
  ['parseJson(string_value)["n"]', { n: 3 }, 3],
  ['parseJson(string_value)[1]', [1.5, 2.5], 2.5],
  ['struct_value.a', { a: true }, true],
  ['size(string_value)', 'four', 4],
  ['number_value', 7, 7],
];
for (const [selector, value, expected] of selections) {
  test(`the selector ${selector} takes its part of ${JSON.stringify(value)}`, () => {
    assert.deepEqual(evaluateSelector(selector, value), { kind: 'value', value: expected });
  });
}

test('a selector for a key that is not there is an error', () => {
  const result = evaluateSelector('parseJson(string_value)["b"]', { a: 1 });
  assert.match(result.kind === 'error' ? result.message : '', /no such key: b/);
});

test('an expression can be checked before it has values', () => {
  assert.equal(expressionProblem(`${P('anything')} == 1`), undefined);
  assert.match(expressionProblem('a ==') ?? '', /syntax error/);
});

test('names of Object.prototype are not keys', () => {
  assert.equal(evaluateCondition(`${P('constructor')} == 1`, inputs).kind, 'error');
  assert.equal(evaluateSelector('parseJson(string_value)["toString"]', {}).kind, 'error');
});
