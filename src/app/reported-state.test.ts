import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run as storedRun } from '../../test/contract/store-fixtures.ts';
import type { RunRow } from '../model/run.ts';
import type { CataloguedRun, StateChange } from '../store/catalogue-store.ts';
import { reportedState } from './reported-state.ts';

const ENDED = 5_000;

function catalogued(run: Partial<RunRow>, earlierStates: readonly StateChange[] = []): CataloguedRun {
  return {
    run: storedRun('r', { createdAtMs: 1_000, startedAtMs: 2_000, ...run }),
    storageState: 'AVAILABLE',
    details: {
      runId: 'r',
      experimentId: 'e',
      description: '',
      pipelineId: null,
      pipelineVersionId: null,
      inlineSpecDigest: null,
      parameters: {},
      pipelineRoot: '',
      serviceAccount: '',
      recurringRunId: null,
      pluginsInput: {},
      earlierStates,
      metrics: [],
    },
  };
}

const names = (history: readonly StateChange[]) => history.map(({ state }) => state);

test('A run that goes on has no end.', () => {
  const { state, history, finishedAtMs, error } = reportedState(catalogued({ state: 'RUNNING' }), 9_000);
  assert.deepEqual([state, names(history), finishedAtMs, error], ['RUNNING', ['PENDING', 'RUNNING'], 0, undefined]);
});

test('A run that has ended is told with its end.', () => {
  const reported = reportedState(catalogued({ state: 'SUCCEEDED', endedAtMs: ENDED }), 9_000);
  assert.deepEqual(reported.history, [
    { atMs: 1_000, state: 'PENDING' },
    { atMs: 2_000, state: 'RUNNING' },
    { atMs: ENDED, state: 'SUCCEEDED' },
  ]);
  assert.equal(reported.finishedAtMs, ENDED);
});

test('A run that has just been ended early is on its way to it for two seconds.', () => {
  const canceled = catalogued({ state: 'CANCELED', endedAtMs: ENDED });
  const { state, finishedAtMs, error, history } = reportedState(canceled, ENDED + 1_999);
  assert.deepEqual([state, finishedAtMs, error, names(history)], ['CANCELING', 0, undefined, ['PENDING', 'RUNNING']]);
});

test('After that it has failed, with an error that says why.', () => {
  const canceled = catalogued({ state: 'CANCELED', endedAtMs: ENDED });
  const { state, finishedAtMs, error, history } = reportedState(canceled, ENDED + 2_000);
  assert.deepEqual([state, finishedAtMs, names(history)], ['FAILED', ENDED, ['PENDING', 'RUNNING', 'FAILED']]);
  assert.match(error?.message ?? '', /terminated by a user/);
});

test('Where it is asked for, it is canceled.', () => {
  const canceled = catalogued({ state: 'CANCELED', endedAtMs: ENDED });
  const { state, history } = reportedState(canceled, ENDED + 2_000, 'CANCELED');
  assert.deepEqual([state, names(history)], ['CANCELED', ['PENDING', 'RUNNING', 'CANCELED']]);
});

test('The error of a failed run is its own.', () => {
  const error = { code: 3, message: 'no', cause: 'step' } as const;
  assert.deepEqual(reportedState(catalogued({ state: 'FAILED', endedAtMs: ENDED, error }), 9_000).error, error);
});

test('A run that was gone on with keeps the states before, and has no end until the new one.', () => {
  const earlier = (['PENDING', 'RUNNING', 'FAILED', 'PENDING', 'RUNNING'] as const).map((state, atMs) => ({ atMs, state }));
  const again = reportedState(catalogued({ state: 'RUNNING' }, earlier), 9_000);
  assert.deepEqual([again.history, again.finishedAtMs], [earlier, 0]);
  const ended = reportedState(catalogued({ state: 'SUCCEEDED', endedAtMs: ENDED }, earlier), 9_000);
  assert.deepEqual(ended.history, [...earlier, { atMs: ENDED, state: 'SUCCEEDED' }]);
});
