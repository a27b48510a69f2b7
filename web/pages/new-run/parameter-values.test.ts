import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialTexts, type Parameter, readAll, readParameter, recentValues, type Values } from './parameter-values.ts';

const parameter = (type: string, more: Partial<Parameter> = {}): Parameter => ({ name: 'p', type, ...more });
const check = (given: Parameter, text: string, expected: unknown): void => {
  const reading = readParameter(given, text);
  assert.deepEqual(reading.kind === 'value' ? reading.value : reading.kind, expected, `${given.type}: ${text}`);
};

test('a text is read as its type says', () => {
  check(parameter('STRING'), '12', '12');
  check(parameter('NUMBER_INTEGER'), ' 12 ', 12);
  check(parameter('NUMBER_INTEGER'), '1.5', 'error');
  check(parameter('NUMBER_DOUBLE'), '1e-3', 0.001);
  check(parameter('NUMBER_DOUBLE'), '.5', 0.5);
  check(parameter('NUMBER_DOUBLE'), 'nan', 'error');
  check(parameter('BOOLEAN'), 'true', true);
  check(parameter('BOOLEAN'), 'yes', 'error');
  check(parameter('LIST'), '[1, "a"]', [1, 'a']);
  check(parameter('LIST'), '{}', 'error');
  check(parameter('STRUCT'), '{"a": [1]}', { a: [1] });
  check(parameter('STRUCT'), 'null', 'error');
  check(parameter('STRUCT'), '{', 'error');
});

test('what is the default is left to the default, however it is written', () => {
  check(parameter('NUMBER_INTEGER', { has_default: true, default: 3 }), '3', 'left');
  check(parameter('STRUCT', { has_default: true, default: { a: 1, b: 2 } }), '{"b": 2, "a": 1}', 'left');
  check(parameter('STRING', { has_default: true, default: '' }), '', 'left');
  check(parameter('STRING', { has_default: true, default: 'x' }), '', '');
});

test('what has to be given is asked for', () => {
  check(parameter('STRING'), '', 'error');
  check(parameter('NUMBER_DOUBLE'), ' ', 'error');
  check(parameter('STRING', { is_optional: true }), '', 'left');
  check(parameter('LIST', { is_optional: true }), '', 'left');
});

test('only literals are taken where there are some', () => {
  const sized = parameter('STRING', { literals: ['small', 'large'] });
  check(sized, 'small', 'small');
  check(sized, 'huge', 'error');
  check(parameter('NUMBER_INTEGER', { literals: [1, 2] }), '2', 2);
});

test('the form starts with what is given, and with defaults', () => {
  const parameters = [
    { name: 'a', type: 'STRING', has_default: true, default: 'x' },
    { name: 'b', type: 'LIST', has_default: true, default: [1, 2] },
    { name: 'c', type: 'NUMBER_DOUBLE' },
    { name: 'd', type: 'BOOLEAN', has_default: true, default: false },
  ];
  const texts = initialTexts(parameters, { a: 'y', c: 0.5 });
  assert.deepEqual(texts, { a: 'y', b: '[1,2]'.replace(',', ', '), c: '0.5', d: 'false' });
  assert.deepEqual(readAll(parameters, texts), { values: { a: 'y', c: 0.5 }, errors: {} });
});

test('recent values are told once each, without the one that stands there', () => {
  const recent: readonly Values[] = [{ p: 'b' }, { p: 'a' }, { q: 'c' }, { p: 'b' }];
  assert.deepEqual(recentValues(parameter('STRING'), recent, 'a'), ['b']);
});
