import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testAccess } from '../../test/support/access-app.ts';
import { checkLogin, openSession, sessionPrincipal } from './access-sessions.ts';
import {
  changeOwnPassword,
  createUser,
  deleteUser,
  ensureBuiltInAdmin,
  ensureExternalUser,
  listUsers,
  setPassword,
} from './access-users.ts';

const ANN = { name: 'ann@example.com', password: 'correct horse' };

test('A user logs in with the right name and password; a wrong name and a wrong password are told the same.', async () => {
  await using app = await testAccess();
  await createUser(app, ANN);
  assert.equal((await checkLogin(app, ANN)).name, ANN.name);
  const refused = { code: 'UNAUTHENTICATED', message: 'the user name or the password is wrong' };
  for (const wrong of [
    { ...ANN, password: 'Correct horse' },
    { ...ANN, password: '' },
    { ...ANN, name: 'bob' },
    { ...ANN, name: '' },
    { ...ANN, name: `ann\0` },
    { ...ANN, password: 'x'.repeat(2000) },
  ]) {
    await assert.rejects(checkLogin(app, wrong), refused);
  }
});

test('A password is kept as a hash with a salt of its own.', async () => {
  await using app = await testAccess();
  const hashes: string[] = [];
  for (const name of ['ann', 'bob']) hashes.push((await createUser(app, { ...ANN, name })).passwordHash!);
  assert.match(hashes[0]!, /^scrypt:16:1:1:secret-\d+:[\w-]{43}$/);
  assert.notEqual(hashes[0], hashes[1]);
  assert.ok(!hashes.join().includes(ANN.password));
});

test('A password can be spelt in another composition of the same characters.', async () => {
  await using app = await testAccess();
  await createUser(app, { name: 'ann', password: 'caf\u00e9 caf\u00e9' });
  assert.ok(await checkLogin(app, { name: 'ann', password: 'cafe\u0301 cafe\u0301' }));
});

for (const [name, password, code] of [
  ['', 'long enough', 'INVALID_USAGE'],
  ['a b', 'long enough', 'INVALID_USAGE'],
  ['a/b', 'long enough', 'INVALID_USAGE'],
  ['.ann', 'long enough', 'INVALID_USAGE'],
  ['x'.repeat(129), 'long enough', 'INVALID_USAGE'],
  ['ann', 'short', 'INVALID_USAGE'],
  ['ann', 'x'.repeat(1025), 'INVALID_USAGE'],
  ['admin', 'long enough', 'ALREADY_EXISTS'],
] as const) {
  test(`The user ${JSON.stringify(name.slice(0, 10))} with a password of ${password.length} characters is ${code}.`, async () => {
    await using app = await testAccess();
    await assert.rejects(createUser(app, { name, password }), { code });
  });
}

test('A new password ends the sessions; the old one has to be known to change one’s own.', async () => {
  await using app = await testAccess();
  const user = await createUser(app, ANN);
  const { secret } = await openSession(app, user, 'password');
  const wrong = { oldPassword: 'guess', newPassword: 'battery staple' };
  await assert.rejects(changeOwnPassword(app, ANN.name, wrong), { code: 'FORBIDDEN', message: 'the old password is wrong' });
  assert.ok(await sessionPrincipal(app, secret));
  await changeOwnPassword(app, ANN.name, { ...wrong, oldPassword: ANN.password });
  assert.equal(await sessionPrincipal(app, secret), undefined);
  assert.ok(await checkLogin(app, { ...ANN, password: 'battery staple' }));
  await setPassword(app, ANN.name, 'third password');
  await assert.rejects(checkLogin(app, { ...ANN, password: 'battery staple' }));
});

test('The administrator has the password of the last start, and stays.', async () => {
  await using app = await testAccess({ hasBuiltInAdmin: true });
  await ensureBuiltInAdmin(app, 'one');
  const { secret } = await openSession(app, await checkLogin(app, { name: 'admin', password: 'one' }), 'password');
  await ensureBuiltInAdmin(app, 'one');
  assert.deepEqual((await sessionPrincipal(app, secret))?.grants, [{ namespace: '*', role: 'admin' }]);
  await ensureBuiltInAdmin(app, 'two');
  assert.equal(await sessionPrincipal(app, secret), undefined, 'a session of the old password');
  await assert.rejects(checkLogin(app, { name: 'admin', password: 'one' }), { code: 'UNAUTHENTICATED' });
  assert.ok(await checkLogin(app, { name: 'admin', password: 'two' }));
  await assert.rejects(deleteUser(app, 'admin'), { code: 'FAILED_PRECONDITION' });
  await assert.rejects(setPassword(app, 'admin', 'three three'), { code: 'FAILED_PRECONDITION', message: /--auth-password/ });
  const later = { ...app, policy: { ...app.policy, hasBuiltInAdmin: false } };
  const left = await openSession(app, await checkLogin(app, { name: 'admin', password: 'two' }), 'password');
  assert.deepEqual((await sessionPrincipal(later, left.secret))?.grants, [], 'on a server without that password');
});

test('Servers that start at once on one database make one administrator.', async () => {
  await using app = await testAccess();
  await Promise.all([1, 2, 3].map(() => ensureBuiltInAdmin(app, 'one')));
  assert.ok(await checkLogin(app, { name: 'admin', password: 'one' }));
});

test('A user of a provider is known by the id there, whatever name it takes later.', async () => {
  await using app = await testAccess();
  const ann = { origin: 'oidc', externalId: 'https://issuer|1', name: 'ann', groups: ['ops'] } as const;
  await ensureExternalUser(app, ann);
  const renamed = await ensureExternalUser(app, { ...ann, name: 'anna', groups: ['ops', 'dev'] });
  assert.deepEqual([renamed.name, renamed.groups], ['ann', ['ops', 'dev']]);
  assert.deepEqual((await app.access.getUser('ann'))?.groups, ['ops', 'dev']);
  const taken = { code: 'FORBIDDEN', message: /the name ann belongs to another user/ };
  await assert.rejects(ensureExternalUser(app, { ...ann, externalId: 'https://issuer|2' }), taken);
  await createUser(app, { ...ANN, name: 'bob' });
  await assert.rejects(ensureExternalUser(app, { ...ann, name: 'bob', externalId: 'x|3' }), { code: 'FORBIDDEN' });
  await assert.rejects(ensureExternalUser(app, { ...ann, name: 'admin', externalId: 'x|4' }), { code: 'FORBIDDEN' });
  assert.equal(await app.access.getUser('admin'), undefined);
});

test('Two first requests of one user at once make one user.', async () => {
  await using app = await testAccess();
  const ann = { origin: 'header', externalId: 'header|ann', name: 'ann', groups: [] } as const;
  const made = await Promise.all([1, 2, 3].map(() => ensureExternalUser(app, ann)));
  assert.deepEqual(new Set(made.map((row) => row.name)), new Set(['ann']));
  assert.equal((await listUsers(app, {})).rows.length, 1);
});

test('Lists are pages; a token that is none and a negative size are refused.', async () => {
  await using app = await testAccess();
  for (const name of ['c', 'a', 'b']) await createUser(app, { ...ANN, name });
  const first = await listUsers(app, { pageSize: 2 });
  const second = await listUsers(app, { pageSize: 2, pageToken: first.nextPageToken });
  assert.deepEqual(
    [...first.rows, ...second.rows].map((row) => row.name),
    ['a', 'b', 'c'],
  );
  assert.equal(second.nextPageToken, '');
  for (const pageToken of [
    'x',
    'W10',
    Buffer.from('[1,"\\u0000"]').toString('base64url'),
    Buffer.from('["1","a"]').toString('base64url'),
  ]) {
    await assert.rejects(listUsers(app, { pageToken }), { code: 'INVALID_USAGE', message: 'Invalid page token' });
  }
  await assert.rejects(listUsers(app, { pageSize: -1 }), /page size/);
});
