import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeMessage } from './encode-message.ts';
import { V1_MESSAGES } from './v1beta1/messages.ts';
import { V2_MESSAGES } from './v2beta1/messages.ts';

test('Zero values are left out; a time that is set is written even when it is the epoch.', () => {
  const run = {
    run_id: 'r',
    description: '',
    storage_state: 'AVAILABLE',
    state: 'RUNTIME_STATE_UNSPECIFIED',
    created_at: 1767319445999,
    finished_at: 0,
    state_history: [],
    plugins_input: {},
    runtime_config: {},
  } as const;
  assert.deepEqual(encodeMessage(V2_MESSAGES, 'Run', run), {
    run_id: 'r',
    storage_state: 'AVAILABLE',
    created_at: '2026-01-02T02:04:05Z',
    finished_at: '1970-01-01T00:00:00Z',
    runtime_config: {},
  });
});

test('int64 is text, int32 a number, and nulls inside values are kept.', () => {
  const recurring = { max_concurrency: 1, trigger: { periodic_schedule: { interval_second: 60 } } };
  assert.deepEqual(encodeMessage(V2_MESSAGES, 'RecurringRun', recurring), {
    max_concurrency: '1',
    trigger: { periodic_schedule: { interval_second: '60' } },
  });
  assert.deepEqual(encodeMessage(V2_MESSAGES, 'ListRunsResponse', { total_size: 3 }), { total_size: 3 });
  const config = { runtime_config: { parameters: { a: null, b: 0, c: '' } } };
  assert.deepEqual(encodeMessage(V2_MESSAGES, 'Run', config), config);
  assert.deepEqual(encodeMessage(V2_MESSAGES, 'ArtifactList', { artifact_ids: [0, 7] }), { artifact_ids: ['0', '7'] });
});

test('The state of a run in the archive of v1 is written, the other is its zero.', () => {
  assert.deepEqual(encodeMessage(V1_MESSAGES, 'Run', { storage_state: 'STORAGESTATE_AVAILABLE' }), {});
  assert.deepEqual(encodeMessage(V1_MESSAGES, 'Run', { storage_state: 'STORAGESTATE_ARCHIVED' }), {
    storage_state: 'STORAGESTATE_ARCHIVED',
  });
});
