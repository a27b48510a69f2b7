import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testAccess } from '../../test/support/access-app.ts';
import { type AuditEntry, AuditLog, listAudit } from './access-audit.ts';

const entry = (resource: string, userName = 'ann'): AuditEntry => ({
  userName,
  via: 'session',
  address: '127.0.0.1',
  routeId: 'R',
  resource,
  status: 200,
});

test('Entries are written in batches, in their order, and listed newest first.', async () => {
  await using app = await testAccess();
  await using log = new AuditLog(app);
  for (const name of ['a', 'b', 'c']) log.append(entry(name));
  assert.deepEqual((await listAudit(app, {})).rows, []);
  app.clock.advance(200);
  await log.flush();
  const first = await listAudit(app, { pageSize: 2 });
  const second = await listAudit(app, { pageSize: 2, pageToken: first.nextPageToken });
  assert.deepEqual(
    [...first.rows, ...second.rows].map((row) => row.resource),
    ['c', 'b', 'a'],
  );
});

test('More than a batch is written in several, and closing writes what is left.', async () => {
  await using app = await testAccess();
  {
    await using log = new AuditLog(app);
    for (let at = 0; at < 450; at += 1) log.append(entry(`r${at}`, at % 2 === 0 ? 'ann' : 'bob'));
  }
  const page = await listAudit(app, { pageSize: 200, userName: 'bob' });
  assert.deepEqual([page.rows.length, page.rows[0]?.resource, page.nextPageToken === ''], [200, 'r449', false]);
});

test('A store that cannot be written to holds nothing up; the entries are written once it can, and losses are told.', async () => {
  await using app = await testAccess();
  let isDown = true;
  const access = {
    ...app.access,
    appendAudit: (rows: Parameters<typeof app.access.appendAudit>[0]) =>
      isDown ? Promise.reject(new Error('down')) : app.access.appendAudit(rows),
  };
  const log = new AuditLog({ ...app, access });
  for (let at = 0; at < 10_005; at += 1) log.append(entry(`r${at}`));
  await log.flush();
  assert.deepEqual((await listAudit(app, {})).rows, []);
  isDown = false;
  await log[Symbol.asyncDispose]();
  const newest = (await listAudit(app, { pageSize: 2 })).rows.map((row) => row.resource);
  assert.deepEqual(newest, ['5 entries were lost: the store could not be written to', 'r9999']);
});

test('Texts of a request are cut, however long they are.', async () => {
  await using app = await testAccess();
  const log = new AuditLog(app);
  log.append(entry('/'.repeat(10_000)));
  await log.flush();
  assert.equal((await listAudit(app, {})).rows[0]?.resource.length, 500);
});
