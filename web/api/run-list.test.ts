import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunFilters } from './run-list-input.ts';
import { type RunSummary, withRun } from './run-list.ts';

const run = (run_id: string, more: RunSummary = {}): RunSummary => ({ run_id, state: 'RUNNING', display_name: run_id, ...more });
const listOf = (...runs: readonly RunSummary[]) => ({ pages: [{ runs, total_size: runs.length }], pageParams: [''] });

const check = (filters: RunFilters, changed: RunSummary, expected: readonly string[]): void => {
  const { pages } = withRun(listOf(run('a'), run('b')), filters, changed);
  assert.deepEqual(
    pages.flatMap(({ runs }) => runs ?? []).map(({ run_id, state }) => `${run_id} ${state}`),
    expected,
  );
  assert.equal(pages[0]!.total_size, expected.length);
};

test('a run that changed is replaced where it is', () => {
  check({}, run('b', { state: 'FAILED' }), ['a RUNNING', 'b FAILED']);
});

test('a new run comes on top, if the newest are first and it fits the filters', () => {
  check({}, run('c'), ['c RUNNING', 'a RUNNING', 'b RUNNING']);
  check({ q: 'C' }, run('c'), ['c RUNNING', 'a RUNNING', 'b RUNNING']);
  check({ q: 'x' }, run('c'), ['a RUNNING', 'b RUNNING']);
  check({ sort: 'name' }, run('c'), ['a RUNNING', 'b RUNNING']);
  check({ experiment: 'e' }, run('c', { experiment_id: 'f' }), ['a RUNNING', 'b RUNNING']);
  check({ until: '2026-01-01' }, run('c', { created_at: '2026-03-01T00:00:00Z' }), ['a RUNNING', 'b RUNNING']);
  check({ archived: 'true' }, run('c'), ['a RUNNING', 'b RUNNING']);
});

test('a run that no longer fits leaves the list', () => {
  check({ state: 'RUNNING,PENDING' }, run('a', { state: 'SUCCEEDED' }), ['b RUNNING']);
  check({}, run('a', { storage_state: 'ARCHIVED' }), ['b RUNNING']);
});
