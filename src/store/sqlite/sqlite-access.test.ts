import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessContract } from '../../../test/contract/access.contract.ts';
import { openDatabase } from './open-database.ts';
import { openSqliteStore } from './sqlite-store.ts';

accessContract('sqlite access', async () => {
  const store = await openSqliteStore({ file: ':memory:' });
  return { access: store.access(), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
});

test('A page of the audit log is read along an index without sorting.', async () => {
  const { database } = await openDatabase({ file: ':memory:' });
  const after = '(created_at_ms < 5 or (created_at_ms = 5 and entry_id < 6)) order by created_at_ms desc, entry_id desc limit 9';
  for (const [wanted, index] of [
    ['', 'audit_log_created'],
    [`user_name = 'ann' and `, 'audit_log_user'],
  ] as const) {
    const plan = database.prepare(`explain query plan select * from audit_log where ${wanted}${after}`).all();
    const text = plan.map((step) => step['detail']).join('; ');
    assert.match(text, new RegExp(`USING INDEX ${index}\\b`));
    assert.doesNotMatch(text, /TEMP B-TREE/);
  }
  database.close();
});
