import assert from 'node:assert/strict';
import { test } from 'node:test';
import { V2_MESSAGES } from '../api/v2beta1/messages.ts';
import { knownFields } from './known-fields.ts';

const check = (name: string, given: object, expected: object): void =>
  assert.deepEqual(knownFields(V2_MESSAGES, name, given as never), expected);

test('a field that this version does not know is left out, at every depth', () => {
  check('Run', { run_id: 'r', mood: 'fine', run_details: { a: 1 } }, { run_id: 'r', run_details: {} });
  check('ListRunsResponse', { runs: [{ run_id: 'r', mood: 'fine' }] }, { runs: [{ run_id: 'r' }] });
});

test('a value that this version does not know counts as not set', () => {
  check('Run', { run_id: 'r', state: 'DREAMING' }, { run_id: 'r' });
  check('Run', { state: 'RUNNING' }, { state: 'RUNNING' });
});

test('names in camelCase are known too', () => {
  check('Run', { runId: 'r', displayName: 'n' }, { run_id: 'r', display_name: 'n' });
});

test('free JSON stays as it is', () => {
  const struct = { mood: 'fine', list: [[1], [2, [null]]] };
  check('Run', { pipeline_spec: struct }, { pipeline_spec: struct });
  check('RpcStatus', { details: [[1, 2], { a: [] }] }, { details: [[1, 2], { a: [] }] });
});
