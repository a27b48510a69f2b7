import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POSTGRES_DIALECT, SQLITE_DIALECT } from './dialect.ts';
import { runNames } from './run-names.ts';

const contains = { sql: 'name ilike ?', values: ['%x%'] };

const rows: readonly [string, boolean, boolean][] = [
  ['abc', true, true],
  ['run 1', true, true],
  ['-x', true, false],
  ['xy_', true, true],
  ['x-', false, false],
  ['xy', false, false],
  ['%%%', false, true],
  ['', false, false],
  ['été', true, true],
  ['é7', false, false],
];

for (const [text, inRows, inTable] of rows) {
  test(`Names with ${JSON.stringify(text)} are looked up where the index of names knows something of it.`, () => {
    assert.equal(runNames(POSTGRES_DIALECT).find(text, contains, []) !== undefined, inRows);
    assert.equal(runNames(SQLITE_DIALECT).find(text, contains, []) !== undefined, inTable);
  });
}

test('PostgreSQL is asked for the parts of a text that are rare, and compares the whole with what it finds by them.', () => {
  const sample = ['Train run 17 of 2026-01', 'report run 9 of 2026-02'];
  const asked = (text: string) => runNames(POSTGRES_DIALECT).find(text, contains, sample)?.ids;
  assert.deepEqual(asked('RUN 2022x'), {
    sql: 'select run_id as id from runs where display_name ilike ? and (name ilike ?) is not false',
    values: ['%022x%', '%x%'],
  });
  assert.deepEqual(asked('abc run zz9')?.values, ['%abc%', '%zz9%', '%x%']);
  assert.deepEqual(asked('train RUN 5')?.values, ['%x%']);
  assert.match(asked('train RUN')?.sql ?? '', / order by created_at_ms desc, run_id desc$/);
});
