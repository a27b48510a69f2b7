import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessStore, ApiTokenRow, AuditRow, RoleBindingRow, SessionRow, UserRow } from '../../src/store/access-store.ts';

export interface OpenAccess extends AsyncDisposable {
  readonly access: AccessStore;
}

export const user = (name: string, more: Partial<UserRow> = {}): UserRow => ({
  name,
  origin: 'password',
  externalId: null,
  passwordHash: 'hash',
  groups: [],
  createdAtMs: 1_770_000_000_000,
  ...more,
});

export const session = (sessionHash: string, userName: string, more: Partial<SessionRow> = {}): SessionRow => ({
  sessionHash,
  userName,
  method: 'password',
  createdAtMs: 1000,
  expiresAtMs: 2000,
  ...more,
});

export const token = (tokenId: string, userName: string, more: Partial<ApiTokenRow> = {}): ApiTokenRow => ({
  tokenId,
  userName,
  name: `name of ${tokenId}`,
  tokenHash: `hash of ${tokenId}`,
  roleCap: null,
  createdAtMs: 1000,
  expiresAtMs: null,
  lastUsedAtMs: null,
  ...more,
});

export const binding = (roleBindingId: string, subject: string, more: Partial<RoleBindingRow> = {}): RoleBindingRow => ({
  roleBindingId,
  subjectKind: 'user',
  subject,
  namespace: '',
  role: 'viewer',
  createdAtMs: 1000,
  ...more,
});

export const auditEntry = (entryId: string, more: Partial<AuditRow> = {}): AuditRow => ({
  entryId,
  createdAtMs: 1000,
  userName: 'ann',
  via: 'session',
  address: '127.0.0.1',
  routeId: 'RunService_CreateRun',
  resource: '/apis/v2beta1/runs',
  status: 200,
  ...more,
});

/** What every access store does, whatever it keeps its rows in. */
export function accessContract(name: string, open: () => Promise<OpenAccess>): void {
  usersContract(name, open);
  credentialsContract(name, open);
  rolesContract(name, open);
  pagesContract(name, open);
}

function usersContract(name: string, open: () => Promise<OpenAccess>): void {
  test(`${name}: a user is found by name and by what the provider knows the user by; both are unique.`, async () => {
    await using opened = await open();
    const { access } = opened;
    const bob = user('bob', { origin: 'oidc', externalId: 'https://issuer|1', passwordHash: null, groups: ['a', 'b'] });
    await access.insertUser(user('ann'));
    await access.insertUser(bob);
    assert.deepEqual(await access.getUser('ann'), user('ann'));
    assert.deepEqual(await access.findExternalUser('https://issuer|1'), bob);
    assert.equal(await access.getUser('Ann'), undefined);
    assert.equal(await access.findExternalUser('https://issuer|2'), undefined);
    await assert.rejects(access.insertUser(user('ann')), { code: 'ALREADY_EXISTS', message: /user ann already exists/ });
    await assert.rejects(access.insertUser({ ...bob, name: 'rob' }), { code: 'ALREADY_EXISTS' });
    assert.equal(await access.getUser('rob'), undefined);
  });

  test(`${name}: of a user only what is named changes.`, async () => {
    await using opened = await open();
    const { access } = opened;
    await access.insertUser(user('ann'));
    await access.updateUser('ann', { passwordHash: 'other' });
    assert.deepEqual(await access.getUser('ann'), user('ann', { passwordHash: 'other' }));
    await access.updateUser('ann', { groups: ['ops'] });
    await access.updateUser('ann', {});
    await access.updateUser('nobody', { groups: ['ops'] });
    assert.deepEqual(await access.getUser('ann'), user('ann', { passwordHash: 'other', groups: ['ops'] }));
    assert.equal(await access.getUser('nobody'), undefined);
  });

  test(`${name}: a user goes with sessions, tokens and roles; groups of the same name stay.`, async () => {
    await using opened = await open();
    const { access } = opened;
    for (const who of ['ann', 'bob']) {
      await access.insertUser(user(who));
      await access.insertSession(session(`session of ${who}`, who));
      await access.insertToken(token(`token of ${who}`, who));
      await access.insertRoleBinding(binding(`role of ${who}`, who));
    }
    await access.insertRoleBinding(binding('group ann', 'ann', { subjectKind: 'group' }));
    await access.deleteUser('ann');
    await access.insertUser(user('ann'));
    assert.equal(await access.findSession('session of ann'), undefined);
    assert.equal(await access.findToken('hash of token of ann'), undefined);
    assert.deepEqual(await access.roleBindingsOf({ userName: 'ann', groups: [] }), []);
    assert.ok(await access.getRoleBinding('group ann'));
    assert.ok(await access.findSession('session of bob'));
    assert.ok(await access.findToken('hash of token of bob'));
    assert.equal((await access.roleBindingsOf({ userName: 'bob', groups: [] })).length, 1);
  });
}

function credentialsContract(name: string, open: () => Promise<OpenAccess>): void {
  test(`${name}: sessions are found with their user, and end one by one, with their user's others, or by their time.`, async () => {
    await using opened = await open();
    const { access } = opened;
    await access.insertUser(user('ann'));
    await access.insertUser(user('bob', { createdAtMs: 5 }));
    const rows = [
      session('s1', 'ann', { expiresAtMs: 2000 }),
      session('s2', 'ann', { expiresAtMs: 3000 }),
      session('s3', 'bob', { expiresAtMs: 4000, method: 'oidc' }),
    ];
    for (const row of rows) await access.insertSession(row);
    assert.deepEqual(await access.findSession('s3'), { session: rows[2], user: user('bob', { createdAtMs: 5 }) });
    await access.deleteSessionsExpiredAt(2000);
    assert.equal(await access.findSession('s1'), undefined);
    assert.ok(await access.findSession('s2'));
    await access.deleteSessionsOf('ann');
    assert.equal(await access.findSession('s2'), undefined);
    await access.deleteSession('s3');
    assert.equal(await access.findSession('s3'), undefined);
  });

  test(`${name}: tokens are found by their hash with their user, and say when they were used.`, async () => {
    await using opened = await open();
    const { access } = opened;
    await access.insertUser(user('ann'));
    const row = token('t1', 'ann', { roleCap: 'viewer', expiresAtMs: 1_790_000_000_000 });
    await access.insertToken(row);
    await access.insertToken(token('t2', 'ann'));
    assert.deepEqual(await access.findToken('hash of t1'), { token: row, user: user('ann') });
    assert.equal(await access.findToken('t1'), undefined);
    await access.recordTokenUse('t1', 1_780_000_000_000);
    assert.deepEqual(await access.getToken('t1'), { ...row, lastUsedAtMs: 1_780_000_000_000 });
    assert.equal(await access.countTokens('ann'), 2);
    await access.deleteToken('t1');
    assert.equal(await access.findToken('hash of t1'), undefined);
    assert.equal(await access.countTokens('ann'), 1);
    assert.equal(await access.countTokens('bob'), 0);
  });
}

function rolesContract(name: string, open: () => Promise<OpenAccess>): void {
  test(`${name}: a subject has one role in a namespace; roles come from the name and from all groups.`, async () => {
    await using opened = await open();
    const { access } = opened;
    await access.insertRoleBinding(binding('b1', 'ann', { role: 'editor' }));
    await access.insertRoleBinding(binding('b2', 'ann', { namespace: '*' }));
    await access.insertRoleBinding(binding('b3', 'ops', { subjectKind: 'group', role: 'admin' }));
    await access.insertRoleBinding(binding('b4', 'ops'));
    await access.insertRoleBinding(binding('b5', 'dev', { subjectKind: 'group' }));
    await assert.rejects(access.insertRoleBinding(binding('b6', 'ann', { role: 'admin' })), {
      code: 'ALREADY_EXISTS',
      message: /user ann already has a role/,
    });
    const ids = async (userName: string, groups: readonly string[]) =>
      (await access.roleBindingsOf({ userName, groups })).map((row) => row.roleBindingId).toSorted();
    assert.deepEqual(await ids('ann', []), ['b1', 'b2']);
    assert.deepEqual(await ids('ann', ['ops', 'dev', 'none']), ['b1', 'b2', 'b3', 'b5']);
    assert.deepEqual(await ids('ops', []), ['b4']);
    await access.deleteRoleBinding('b1');
    assert.deepEqual(await ids('ann', []), ['b2']);
    assert.equal(await access.getRoleBinding('b1'), undefined);
  });
}

function pagesContract(name: string, open: () => Promise<OpenAccess>): void {
  test(`${name}: the audit log is read newest first in pages that follow each other, whatever is added meanwhile.`, async () => {
    await using opened = await open();
    const { access } = opened;
    await access.appendAudit([]);
    await access.appendAudit(['1', '2', '3'].map((id) => auditEntry(id)));
    await access.appendAudit([auditEntry('4', { createdAtMs: 5000, userName: 'bob' }), auditEntry('5', { createdAtMs: 500 })]);
    const first = await access.listAudit({ limit: 2 });
    assert.deepEqual(first.rows, [auditEntry('4', { createdAtMs: 5000, userName: 'bob' }), auditEntry('3')]);
    await access.appendAudit([auditEntry('6', { createdAtMs: 6000 })]);
    const second = await access.listAudit({ limit: 2, after: first.next! });
    assert.deepEqual(
      second.rows.map((row) => row.entryId),
      ['2', '1'],
    );
    const third = await access.listAudit({ limit: 2, after: second.next! });
    assert.deepEqual(
      third.rows.map((row) => row.entryId),
      ['5'],
    );
    assert.equal(third.next, undefined);
    assert.deepEqual(
      (await access.listAudit({ limit: 9, userName: 'bob' })).rows.map((row) => row.entryId),
      ['4'],
    );
    await assert.rejects(access.appendAudit([auditEntry('7'), auditEntry('1')]));
    await access.deleteAuditBefore(5000);
    const left = (await access.listAudit({ limit: 9 })).rows.map((row) => row.entryId);
    assert.deepEqual(left, ['6', '4'], 'half a batch would have left 7');
  });

  test(`${name}: users, tokens and roles are listed oldest first, and a full last page has no next one.`, async () => {
    await using opened = await open();
    const { access } = opened;
    for (const [at, who] of ['cid', 'ann', 'bob'].entries()) await access.insertUser(user(who, { createdAtMs: 10 + at }));
    const first = await access.listUsers({ limit: 2 });
    assert.deepEqual(
      first.rows.map((row) => row.name),
      ['cid', 'ann'],
    );
    const last = await access.listUsers({ limit: 1, after: first.next! });
    assert.deepEqual([last.rows.map((row) => row.name), last.next], [['bob'], undefined]);
    for (const id of ['t2', 't1']) await access.insertToken(token(id, 'ann'));
    await access.insertToken(token('t0', 'bob'));
    const tokens = async (userName?: string) =>
      (await access.listTokens({ limit: 9, ...(userName === undefined ? {} : { userName }) })).rows.map((row) => row.tokenId);
    assert.deepEqual(
      [await tokens(), await tokens('ann')],
      [
        ['t0', 't1', 't2'],
        ['t1', 't2'],
      ],
    );
    for (const id of ['b2', 'b1']) await access.insertRoleBinding(binding(id, id));
    const roles = await access.listRoleBindings({ limit: 1 });
    assert.deepEqual([roles.rows.map((row) => row.roleBindingId), roles.next?.id], [['b1'], 'b1']);
  });
}
