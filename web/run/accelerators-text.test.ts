import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceleratorsText } from './accelerators-text.ts';

test('accelerators are told by type and index', () => {
  assert.equal(acceleratorsText({ accelerators: [{ type: 'nvidia.com/gpu', indexes: [0, 2] }] }), 'nvidia.com/gpu 0, 2');
  assert.equal(acceleratorsText({ node: 'plain' }), undefined);
  assert.equal(acceleratorsText(undefined), undefined);
});
