import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listQuery, readFilter } from './list-query.ts';

const FILTERS: readonly (readonly [text: string, predicates: readonly object[]])[] = [
  ['state=FAILED', [{ operation: 'EQUALS', key: 'state', string_value: 'FAILED' }]],
  [
    'name~a b , storage_state != ARCHIVED',
    [
      { operation: 'IS_SUBSTRING', key: 'name', string_value: 'a b' },
      { operation: 'NOT_EQUALS', key: 'storage_state', string_value: 'ARCHIVED' },
    ],
  ],
  ['created_at>=2027-01-31', [{ operation: 'GREATER_THAN_EQUALS', key: 'created_at', timestamp_value: '2027-01-31T00:00:00Z' }]],
  ['created_at<2027-01-31T06:00:00Z', [{ operation: 'LESS_THAN', key: 'created_at', timestamp_value: '2027-01-31T06:00:00Z' }]],
  ['tags.team=ml', [{ operation: 'EQUALS', key: 'tags.team', string_value: 'ml' }]],
  ['name=a=b', [{ operation: 'EQUALS', key: 'name', string_value: 'a=b' }]],
];

test('conditions that people type become the filter of the API', () => {
  for (const [text, predicates] of FILTERS) assert.deepEqual(JSON.parse(readFilter(text)), { predicates }, text);
});

test("the API's own JSON is passed on as it is", () => {
  const json = '{"predicates":[{"operation":1,"key":"name","stringValue":"x"}]}';
  assert.equal(readFilter(json), json);
});

test('what is no condition is refused with an example', () => {
  for (const text of ['nonsense', '=x', 'a b=c']) assert.throws(() => readFilter(text), /is no condition/, text);
});

test('a page size is a whole number', () => {
  assert.deepEqual(listQuery({ maxSize: '7', sortBy: 'name' }), { page_size: 7, sort_by: 'name' });
  for (const maxSize of ['', '-1', '1.5', 'x']) assert.throws(() => listQuery({ maxSize, sortBy: '' }), /whole number/);
});
