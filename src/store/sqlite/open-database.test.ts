import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { batch, run, task } from '../../../test/contract/store-fixtures.ts';
import { ProductError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { MIGRATION_NAMES } from '../migrations/migration-names.ts';
import { openSqliteStore } from './sqlite-store.ts';

function check(title: string, body: (file: string) => Promise<void>): void {
  test(title, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipewright-sqlite-'));
    try {
      await body(join(folder, 'state/pipewright.db'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** A database that has been used and closed. */
async function makeDatabase(file: string): Promise<void> {
  await using store = await openSqliteStore({ file });
  await store.commit(batch({ runs: [run('r1')], tasks: Array.from({ length: 500 }, (_, index) => task('r1', index)) }));
}

function edit(file: string, sql: string): void {
  using database = new DatabaseSync(file);
  database.exec(sql);
}

const refusal = (code: ErrorCode, message: RegExp) => (error: unknown) =>
  error instanceof ProductError && error.code === code && message.test(error.message);

check('A missing file and its folder are made, with all migrations run and the write-ahead log on.', async (file) => {
  await makeDatabase(file);
  using database = new DatabaseSync(file);
  const names = database.prepare('select name from kysely_migration order by name').all();
  assert.deepEqual(
    names.map((row) => row['name']),
    MIGRATION_NAMES,
  );
  assert.equal(database.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal');
});

check('A database is opened again with what was in it.', async (file) => {
  await makeDatabase(file);
  await using store = await openSqliteStore({ file });
  assert.deepEqual(await store.getRun('r1'), run('r1'));
  assert.equal((await store.listTasks('r1')).length, 500);
});

check('Closing twice is harmless.', async (file) => {
  const store = await openSqliteStore({ file });
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

check('A database of a newer version is refused and left as it is.', async (file) => {
  await makeDatabase(file);
  edit(file, `insert into kysely_migration values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')`);
  for (const readOnly of [false, true]) {
    await assert.rejects(openSqliteStore({ file, readOnly }), refusal('UNSUPPORTED', /newer version .*9999-from-the-future/));
  }
});

check('Reading only, a database of an older version is refused, and a missing one is not made.', async (file) => {
  await assert.rejects(openSqliteStore({ file, readOnly: true }), refusal('NOT_FOUND', /no database/));
  await makeDatabase(file);
  edit(file, 'delete from kysely_migration');
  await assert.rejects(openSqliteStore({ file, readOnly: true }), refusal('UNSUPPORTED', /older version/));
});

check('The database of another program is refused and left as it is.', async (file) => {
  mkdirSync(join(file, '..'));
  edit(file, 'create table albums (title text)');
  const before = readFileSync(file);
  await assert.rejects(openSqliteStore({ file }), refusal('UNSUPPORTED', /another program/));
  using database = new DatabaseSync(file);
  assert.deepEqual(
    database
      .prepare('select name from sqlite_schema')
      .all()
      .map((row) => row['name']),
    ['albums'],
  );
  assert.ok(before.length > 0);
});

check('A file that is no database is refused.', async (file) => {
  mkdirSync(join(file, '..'));
  writeFileSync(file, 'just some text\n'.repeat(1_000));
  for (const readOnly of [false, true]) {
    await assert.rejects(openSqliteStore({ file, readOnly }), refusal('UNAVAILABLE', /not a SQLite database/));
  }
});

check('A damaged database is explained, whether it shows on opening or on reading.', async (file) => {
  await makeDatabase(file);
  const { size } = { size: readFileSync(file).length };
  truncateSync(file, size - (size % 8_192) / 2 - 8_192);
  const readAll = async () => {
    await using store = await openSqliteStore({ file });
    await store.listTasks('r1');
  };
  await assert.rejects(readAll, refusal('UNAVAILABLE', /damaged/));
});

check('A place where no file can be is explained.', async (file) => {
  writeFileSync(join(file, '../..', 'plain'), '');
  await assert.rejects(openSqliteStore({ file: join(file, '../../plain/x.db') }), refusal('UNAVAILABLE', /cannot be made/));
  mkdirSync(file, { recursive: true });
  await assert.rejects(openSqliteStore({ file }), refusal('UNAVAILABLE', /cannot be opened/));
});

check('Another connection reads whole batches while one writes, and cannot write itself.', async (file) => {
  await using writer = await openSqliteStore({ file });
  await using reader = await openSqliteStore({ file, readOnly: true });
  for (let round = 1; round <= 20; round++) {
    const tasks = Array.from({ length: 50 }, (_, index) => task('r1', index, { attempts: round }));
    await writer.commit(batch({ tasks, durable: round % 5 === 0 }));
    assert.deepEqual(await reader.listTasks('r1'), tasks);
  }
  await assert.rejects(reader.commit(batch({ runs: [run('r1')] })), refusal('INVALID_USAGE', /reading only/));
  await assert.rejects(reader.saveDocument('d', '{}'), refusal('INVALID_USAGE', /reading only/));
});

check('A reader sees nothing of a transaction that is not committed, and a writer is told who holds the file.', async (file) => {
  await makeDatabase(file);
  await using store = await openSqliteStore({ file, busyTimeoutMs: 20 });
  using other = new DatabaseSync(file);
  other.exec('begin immediate; delete from runs');
  assert.deepEqual(await store.getRun('r1'), run('r1'));
  await assert.rejects(store.commit(batch({ runs: [run('r2')] })), refusal('UNAVAILABLE', /another process is writing/));
  other.exec('rollback');
  await store.commit(batch({ runs: [run('r2')] }));
  assert.deepEqual(await store.getRun('r2'), run('r2'));
});

check('A durable batch that fails leaves nothing, and the store goes on.', async (file) => {
  await using store = await openSqliteStore({ file });
  await store.commit(batch({ runs: [run('r1')], durable: true }));
  await assert.rejects(store.commit(batch({ durable: true, runs: [run('r2', { namespace: null as never })] })));
  assert.equal(await store.getRun('r2'), undefined);
  await store.commit(batch({ runs: [run('r3')] }));
  assert.deepEqual(await store.getRun('r3'), run('r3'));
});
