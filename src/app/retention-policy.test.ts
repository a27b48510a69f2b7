import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../base/errors.ts';
import type { EndedRun } from '../store/retention-store.ts';
import { expiresAtMs, policyOf, readRetention, shortestKeptMs } from './retention-policy.ts';

const DAY = 86_400_000;
const run: EndedRun = {
  runId: 'r',
  namespace: 'team',
  displayName: 'r',
  state: 'SUCCEEDED',
  isArchived: false,
  createdAtMs: 0,
  endedAtMs: 1_000,
  documentDigest: '',
};

test('a policy says when a run may go.', () => {
  const rows: readonly [readonly string[], Partial<EndedRun>, number | undefined][] = [
    [['runs=30d'], {}, 30 * DAY],
    [['runs=1.5h'], {}, 5_400_000],
    [['runs=forever'], {}, undefined],
    [['keep=3'], {}, undefined],
    [['runs=30d,failed=7d'], { state: 'FAILED' }, 7 * DAY],
    [['runs=30d,failed=7d'], { state: 'CANCELED' }, 7 * DAY],
    [['failed=7d'], {}, undefined],
    [['runs=30d,failed=forever'], { state: 'FAILED' }, undefined],
    [['runs=30d, archived=1d'], { isArchived: true }, DAY],
    [['runs=30d,failed=7d,archived=1w'], { isArchived: true, state: 'FAILED' }, 7 * DAY],
    [['runs=30d', 'team:runs=2d'], {}, 2 * DAY],
    [['runs=30d', 'team:runs=2d'], { namespace: 'other' }, 30 * DAY],
    [['team:runs=2d'], { namespace: 'other' }, undefined],
  ];
  for (const [texts, facts, keptMs] of rows) {
    const one = { ...run, ...facts };
    const policy = policyOf(readRetention(texts), one.namespace);
    const expires = policy && expiresAtMs(one, policy);
    assert.equal(expires, keptMs === undefined ? undefined : one.endedAtMs + keptMs, texts.join(' '));
  }
});

test('nothing has to be looked at when nothing ever goes.', () => {
  assert.equal(shortestKeptMs(readRetention([])), null);
  assert.equal(shortestKeptMs(readRetention(['runs=forever,keep=1'])), null);
  assert.equal(shortestKeptMs(readRetention(['runs=30d', 'a:failed=1d'])), DAY);
});

test('what is not understood is refused with an example.', () => {
  for (const text of [
    '',
    'runs',
    'runs=',
    'runs=30',
    'runs=-1d',
    'runs=30y',
    'keep=many',
    'keep=-1',
    'days=3',
    'a:',
    'runs=1d,,keep=2',
  ]) {
    assert.throws(
      () => readRetention([text]),
      (error) => error instanceof ProductError && error.code === 'INVALID_USAGE' && /runs=30d/.test(error.hint ?? ''),
      text,
    );
  }
});
