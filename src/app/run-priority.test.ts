import assert from 'node:assert/strict';
import { test } from 'node:test';
import { priorityOf } from './run-priority.ts';

test('a run is given a priority by its plugins_input', () => {
  assert.equal(priorityOf({ pipewright: { priority: -3 }, other: { priority: 5 } }), -3);
  for (const nothing of [undefined, {}, { other: { priority: 5 } }, { pipewright: {} }, { pipewright: { priority: null } }])
    assert.equal(priorityOf(nothing), undefined);
  for (const priority of ['high', 1.5, true, {}])
    assert.throws(() => priorityOf({ pipewright: { priority } }), { code: 'INVALID_ARGUMENTS' });
});
