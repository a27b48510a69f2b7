import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRule } from '../../src/app/access-rules.ts';
import { type OperationId, OPERATIONS } from './operations.ts';
import { leastRole, mayCall } from './roles.ts';

test('what is offered to a role is what the server lets it do, for every operation', () => {
  for (const [id, { access }] of Object.entries(OPERATIONS)) {
    if (access === 'open') continue;
    const rule = accessRule(access)?.leastRole;
    assert.equal(leastRole(id as OperationId), rule === 'user' ? undefined : rule, id);
  }
});

test('a role counts in its namespace, or everywhere', () => {
  const editor = { roles: [{ namespace: 'team-a', role: 'editor' }, { role: 'viewer' }] };
  assert.equal(mayCall(editor, 'RunService_CreateRun', 'team-a'), true);
  assert.equal(mayCall(editor, 'RunService_CreateRun', ''), false);
  assert.equal(mayCall(editor, 'Run_List', ''), true);
  assert.equal(mayCall({ roles: [{ namespace: '*', role: 'admin' }] }, 'User_Create', 'team-b'), true);
  assert.equal(mayCall({}, 'Run_List', ''), false);
  assert.equal(mayCall({}, 'ApiToken_Create', ''), true);
});
