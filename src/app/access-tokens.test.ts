import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAll, principal, testAccess } from '../../test/support/access-app.ts';
import { ANONYMOUS_ADMIN } from './access-principal.ts';
import { createRoleBinding, deleteRoleBinding, listRoleBindings } from './access-roles.ts';
import { openSession, SESSION_MS, sessionPrincipal } from './access-sessions.ts';
import { createToken, deleteToken, listTokens, tokenPrincipal } from './access-tokens.ts';
import { createUser, deleteUser } from './access-users.ts';

const admin = principal('root', inAll('admin'));

async function withAnn(policy = {}) {
  const app = await testAccess(policy);
  const user = await createUser(app, { name: 'ann', password: 'correct horse' });
  await createRoleBinding(app, admin, { subject: 'ann', role: 'editor' });
  const { secret } = await openSession(app, user, 'password');
  const ann = (await sessionPrincipal(app, secret))!;
  return { app, ann, secret, user };
}

test('A session ends when its time is over.', async () => {
  const { app, secret } = await withAnn();
  await using _ = app;
  app.clock.advance(SESSION_MS.password - 1);
  assert.equal((await sessionPrincipal(app, secret))?.name, 'ann');
  app.clock.advance(1);
  assert.equal(await sessionPrincipal(app, secret), undefined);
  assert.equal(await sessionPrincipal(app, ''), undefined);
});

test('A token does what its owner may do today, and is not kept itself.', async () => {
  const { app, ann } = await withAnn();
  await using _ = app;
  const { row, token } = await createToken(app, ann, { name: 'ci' });
  assert.match(token, /^pw_/);
  assert.ok(!JSON.stringify(await app.access.getToken(row.tokenId)).includes(token));
  const used = await tokenPrincipal(app, token);
  assert.deepEqual([used?.name, used?.via, used?.grants], ['ann', 'token ci', [{ namespace: '', role: 'editor' }]]);
  await createRoleBinding(app, admin, { subject: 'ann', role: 'admin', namespace: 'team-a' });
  assert.equal((await tokenPrincipal(app, token))?.grants.length, 2);
  for (const wrong of [`${token}x`, 'pw_', row.tokenHash]) assert.equal(await tokenPrincipal(app, wrong), undefined);
  await deleteUser(app, 'ann');
  assert.equal(await tokenPrincipal(app, token), undefined);
});

test('A cap makes every role of a token at most that role.', async () => {
  const { app, ann } = await withAnn({ admins: ['ann'] });
  await using _ = app;
  const { token } = await createToken(app, ann, { name: 'reader', roleCap: 'viewer' });
  assert.deepEqual((await tokenPrincipal(app, token))?.grants, [inAll('viewer'), { namespace: '', role: 'viewer' }]);
});

test('A token made with another token can do no more and lasts no longer.', async () => {
  const { app, ann } = await withAnn();
  await using _ = app;
  const expiresAtMs = app.clock.now() + 10_000;
  const parent = await createToken(app, ann, { name: 'parent', roleCap: 'viewer', expiresAtMs });
  const asParent = (await tokenPrincipal(app, parent.token))!;
  const child = await createToken(app, asParent, { name: 'child', roleCap: 'admin', expiresAtMs: expiresAtMs + 1 });
  assert.deepEqual([child.row.roleCap, child.row.expiresAtMs], ['viewer', expiresAtMs]);
  const other = await createToken(app, asParent, { name: 'other' });
  assert.deepEqual([other.row.roleCap, other.row.expiresAtMs], ['viewer', expiresAtMs]);
  app.clock.advance(10_000);
  assert.equal(await tokenPrincipal(app, child.token), undefined);
});

test('When a token was used is known to the minute.', async () => {
  const { app, ann } = await withAnn();
  await using _ = app;
  const { row, token } = await createToken(app, ann, { name: 'ci' });
  const lastUse = async () => (await app.access.getToken(row.tokenId))?.lastUsedAtMs;
  assert.equal(await lastUse(), null);
  await tokenPrincipal(app, token);
  const first = app.clock.now();
  app.clock.advance(59_999);
  await tokenPrincipal(app, token);
  assert.equal(await lastUse(), first);
  app.clock.advance(1);
  await tokenPrincipal(app, token);
  assert.equal(await lastUse(), first + 60_000);
});

for (const [what, request, code] of [
  ['without a name', { name: ' ' }, 'INVALID_USAGE'],
  ['with a name that breaks lines', { name: 'a\nb' }, 'INVALID_USAGE'],
  ['of a role that does not exist', { name: 'ci', roleCap: 'owner' }, 'INVALID_USAGE'],
  ['that has expired', { name: 'ci', expiresAtMs: 1 }, 'INVALID_USAGE'],
] as const) {
  test(`A token ${what} is refused.`, async () => {
    const { app, ann } = await withAnn();
    await using _ = app;
    await assert.rejects(createToken(app, ann, request), { code });
  });
}

test('A user has a bounded number of tokens; a server without login has none.', async () => {
  const { app, ann } = await withAnn();
  await using _ = app;
  for (let made = 0; made < 100; made += 1) await createToken(app, ann, { name: `t${made}` });
  await assert.rejects(createToken(app, ann, { name: 'one more' }), { code: 'FAILED_PRECONDITION' });
  await assert.rejects(createToken(app, ANONYMOUS_ADMIN, { name: 'ci' }), {
    code: 'FAILED_PRECONDITION',
    hint: /--auth-password/,
  });
});

test('Tokens of others are shown to and deleted by administrators only; to others they are not there.', async () => {
  const { app, ann } = await withAnn();
  await using _ = app;
  const { row } = await createToken(app, ann, { name: 'ci' });
  const bob = principal('bob', { namespace: '*', role: 'editor' });
  await assert.rejects(listTokens(app, bob, { userName: 'ann' }), { code: 'FORBIDDEN' });
  await assert.rejects(listTokens(app, bob, { userName: '*' }), { code: 'FORBIDDEN' });
  assert.deepEqual((await listTokens(app, bob, {})).rows, []);
  await assert.rejects(deleteToken(app, bob, row.tokenId), { code: 'NOT_FOUND' });
  await assert.rejects(deleteToken(app, admin, 'a\0b'), { code: 'NOT_FOUND' });
  assert.equal((await listTokens(app, admin, { userName: '*' })).rows.length, 1);
  assert.equal((await listTokens(app, ann, {})).rows.length, 1);
  await deleteToken(app, admin, row.tokenId);
  await assert.rejects(deleteToken(app, ann, row.tokenId), { code: 'NOT_FOUND' });
});

test('An administrator of one namespace gives and takes roles there only.', async () => {
  const { app } = await withAnn();
  await using _ = app;
  const tom = principal('tom', { namespace: 'team-a', role: 'admin' });
  const own = await createRoleBinding(app, tom, { subject: 'dev', subjectKind: 'group', namespace: 'team-a', role: 'viewer' });
  for (const namespace of ['', '*', 'team-b', 'default']) {
    await assert.rejects(createRoleBinding(app, tom, { subject: 'eve', namespace, role: 'viewer' }), { code: 'FORBIDDEN' });
  }
  assert.deepEqual((await listRoleBindings(app, tom, {})).rows, [own]);
  const all = (await listRoleBindings(app, admin, {})).rows;
  assert.equal(all.length, 2);
  const others = all.find((row) => row.subject === 'ann')!;
  await assert.rejects(deleteRoleBinding(app, tom, others.roleBindingId), { code: 'NOT_FOUND' });
  await deleteRoleBinding(app, tom, own.roleBindingId);
});

for (const [what, change] of [
  ['a namespace that cannot be one', { namespace: 'Team A' }],
  ['a role that is none', { role: 'root' }],
  ['a subject that is neither user nor group', { subjectKind: 'robot' }],
  ['a group without a name', { subjectKind: 'group', subject: '' }],
  ['a user whose name cannot be one', { subject: 'a b' }],
] as const) {
  test(`A role binding with ${what} is refused.`, async () => {
    const { app } = await withAnn();
    await using _ = app;
    const wrong = createRoleBinding(app, admin, { subject: 'bob', role: 'viewer', ...change });
    await assert.rejects(wrong, { code: 'INVALID_USAGE' });
  });
}

test('Roles come from bindings of the user, of groups, and from the configuration.', async () => {
  const { app } = await withAnn({ groupRoles: [{ group: 'sre', namespace: '*', role: 'viewer' }] });
  await using _ = app;
  await app.access.updateUser('ann', { groups: ['sre', 'dev'] });
  await createRoleBinding(app, admin, { subject: 'dev', subjectKind: 'group', namespace: 'team-a', role: 'admin' });
  const { secret } = await openSession(app, (await app.access.getUser('ann'))!, 'oidc');
  const grants = (await sessionPrincipal(app, secret))?.grants ?? [];
  assert.deepEqual(
    new Set(grants.map(({ namespace, role }) => `${namespace}=${role}`)),
    new Set(['=editor', 'team-a=admin', '*=viewer']),
  );
});

test('The group * is everyone who is logged in.', async () => {
  const { app } = await withAnn({ groupRoles: [{ group: '*', namespace: 'demo', role: 'viewer' }] });
  await using _ = app;
  const bob = await createUser(app, { name: 'bob', password: 'correct horse' });
  await createRoleBinding(app, admin, { subject: '*', subjectKind: 'group', namespace: 'team-a', role: 'editor' });
  const { secret } = await openSession(app, bob, 'password');
  assert.deepEqual((await sessionPrincipal(app, secret))?.grants, [
    { namespace: 'demo', role: 'viewer' },
    { namespace: 'team-a', role: 'editor' },
  ]);
});
