import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAll, principal } from '../../test/support/access-app.ts';
import { ANONYMOUS_ADMIN, authorize, namespacesWith, NOBODY, requireAuthorized } from './access-principal.ts';

const viewer = principal('vic', { namespace: '', role: 'viewer' });
const editor = principal('eve', { namespace: 'team-a', role: 'editor' }, { namespace: '', role: 'viewer' });
const teamAdmin = principal('tom', { namespace: 'team-a', role: 'admin' });
const admin = principal('ada', inAll('admin'));
const allViewer = principal('val', inAll('viewer'));
const stranger = principal('sue');

// Namespace undefined: in any at all.
const rows: readonly [string, typeof viewer, string, string | undefined, string][] = [
  ['nobody', NOBODY, 'open', '', 'allowed'],
  ['nobody', NOBODY, 'runs:list', '', 'unauthenticated'],
  ['nobody', NOBODY, 'session:update', '', 'unauthenticated'],
  ['anonymous', ANONYMOUS_ADMIN, 'runs:delete', 'any', 'allowed'],
  ['anonymous', ANONYMOUS_ADMIN, 'audit:list', undefined, 'allowed'],
  ['a stranger', stranger, 'open', '', 'allowed'],
  ['a stranger', stranger, 'tokens:create', '', 'allowed'],
  ['a stranger', stranger, 'runs:list', undefined, 'forbidden'],
  ['a viewer', viewer, 'runs:list', '', 'allowed'],
  ['a viewer', viewer, 'runs:list', 'default', 'allowed'],
  ['a viewer', viewer, 'runs:readArtifact', '', 'allowed'],
  ['a viewer', viewer, 'runs:list', 'team-a', 'forbidden'],
  ['a viewer', viewer, 'runs:list', '*', 'forbidden'],
  ['a viewer', viewer, 'runs:create', '', 'forbidden'],
  ['a viewer', viewer, 'users:list', undefined, 'forbidden'],
  ['a viewer of all', allViewer, 'runs:list', '*', 'allowed'],
  ['a viewer of all', allViewer, 'runs:list', 'team-b', 'allowed'],
  ['a viewer of all', allViewer, 'audit:list', undefined, 'forbidden'],
  ['an editor of team-a', editor, 'runs:terminate', 'team-a', 'allowed'],
  ['an editor of team-a', editor, 'runs:terminate', '', 'forbidden'],
  ['an editor of team-a', editor, 'runs:terminate', undefined, 'allowed'],
  ['an editor of team-a', editor, 'runs:list', '', 'allowed'],
  ['an editor of team-a', editor, 'roleBindings:list', undefined, 'forbidden'],
  ['an admin of team-a', teamAdmin, 'roleBindings:create', 'team-a', 'allowed'],
  ['an admin of team-a', teamAdmin, 'roleBindings:create', '*', 'forbidden'],
  ['an admin of team-a', teamAdmin, 'roleBindings:list', undefined, 'allowed'],
  ['an admin of team-a', teamAdmin, 'users:create', 'team-a', 'forbidden'],
  ['an admin of team-a', teamAdmin, 'audit:list', 'team-a', 'forbidden'],
  ['an admin', admin, 'users:create', '', 'allowed'],
  ['an admin', admin, 'workflows:report', 'team-b', 'allowed'],
  ['an admin', admin, 'runs:unheardOf', '', 'forbidden'],
  ['an admin', admin, 'constructor:get', '', 'forbidden'],
];

for (const [who, caller, access, namespace, expected] of rows) {
  test(`${who} asking for ${access} in ${JSON.stringify(namespace)}: ${expected}.`, () => {
    assert.equal(authorize(caller, access, namespace).kind, expected);
  });
}

test('A refusal names who, what, where and the role that is missing.', () => {
  assert.throws(() => requireAuthorized(viewer, 'runs:create', ''), {
    code: 'FORBIDDEN',
    message: "User 'vic' is not authorized to do runs:create in the default namespace",
    hint: /takes the role editor/,
  });
  const capped = { ...viewer, via: 'token ci', roleCap: 'viewer' as const };
  assert.throws(() => requireAuthorized(capped, 'runs:create', ''), { hint: /this API token is limited to viewer/ });
  assert.throws(() => requireAuthorized(NOBODY, 'runs:list'), { code: 'UNAUTHENTICATED', hint: /Authorization: Bearer/ });
  assert.throws(() => requireAuthorized({ ...NOBODY, refusal: 'the token has expired' }, 'runs:list'), /the token has expired/);
});

test('The namespaces one may do something in are told.', () => {
  assert.deepEqual(namespacesWith(editor, 'runs:list'), ['', 'team-a']);
  assert.deepEqual(namespacesWith(editor, 'runs:create'), ['team-a']);
  assert.deepEqual(namespacesWith(admin, 'runs:create'), ['*']);
  assert.deepEqual(namespacesWith(NOBODY, 'runs:list'), []);
});
