import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../../test/contract/store-fixtures.ts';
import type { ListQuery } from '../catalogue-store.ts';
import { runRecord } from '../records.ts';
import type { SqlRecord } from '../row-columns.ts';
import { runCatalogueScripts } from './catalogued-runs.ts';
import { POSTGRES_DIALECT } from './dialect.ts';
import type { Statement } from './script.ts';

const NEWEST = { sort: { field: 'created_at_ms', descending: true }, limit: 10 } as const;
const NAMED = { field: 'display_name', operation: 'contains', values: ['model'] } as const;

/** What is asked of PostgreSQL for a list, answered in turn. */
function ask(predicates: ListQuery['predicates'], answers: readonly (readonly SqlRecord[])[]) {
  const script = runCatalogueScripts(POSTGRES_DIALECT).listCataloguedRuns.script({ ...NEWEST, predicates });
  const statements: Statement[] = [];
  let step = script.next([]);
  for (const answer of answers) {
    assert.ok(!step.done);
    statements.push(step.value);
    step = script.next(answer);
  }
  assert.ok(step.done, 'nothing more is asked');
  return { total: step.value.total, statements };
}

const row = (total: number | null): SqlRecord => ({
  ...runRecord(run('r1')),
  details_run_id: null,
  total,
  sort_value: 1,
  sort_id: 'r1',
});

test('A page and the number of all that match are one statement, since each has to be waited for.', () => {
  const { total, statements } = ask([{ field: 'state', operation: 'eq', values: ['FAILED'] }], [[row(123)]]);
  assert.equal(total, 123);
  assert.match(statements[0]!.sql, /from run_counts/);
});

test('All that match are counted on their own when the page is empty.', () => {
  const { total } = ask([{ field: 'state', operation: 'eq', values: ['FAILED'] }], [[], [{ total: 7 }]]);
  assert.equal(total, 7);
});

test('Runs with a rare name are found by it once, and counted with that.', () => {
  const { total, statements } = ask([NAMED], [[], [{ total: 1, ids: '["r1"]' }], [row(null)]]);
  assert.equal(total, 1);
  assert.equal(statements.filter(({ sql }) => sql.includes('ilike')).length, 1);
  assert.deepEqual(statements[2]!.values, ['["r1"]', 11]);
});

test('Runs with a frequent name are met in their order; where they are all old, the index of names finds them.', () => {
  const many = [{ total: 2001, ids: null }];
  const page = Array.from({ length: 11 }, () => row(null));
  assert.equal(ask([NAMED], [[], many, page]).total, 2000);
  const { total, statements } = ask([NAMED], [[], many, [row(null)], page]);
  assert.equal(total, 2000);
  assert.match(statements[2]!.sql, /limit 20000\) as passed where display_name ilike/);
  assert.match(statements[3]!.sql, /display_name ilike .* offset 0\) as matching/);
});
