/** A database as the first version wrote it (fixtures/first-schema.sql) is brought up to date, and a newer one is left alone. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ProductError } from '../../src/base/errors.ts';
import { MIGRATION_NAMES } from '../../src/store/migrations/migration-names.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

const FIRST = readFileSync(new URL('./fixtures/first-schema.sql', import.meta.url), 'utf8');
const RUN_ID = /INSERT INTO "runs" VALUES\('([^']+)'/.exec(FIRST)![1]!;

async function withFirstSchema(body: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-upgrade-'));
  try {
    const file = join(folder, 'pipewright.db');
    const database = new DatabaseSync(file);
    database.exec(FIRST);
    database.close();
    await body(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const migrationsIn = (file: string): readonly string[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('select name from kysely_migration order by name').all();
  database.close();
  return rows.map(({ name }) => String(name));
};

test('what an older version recorded is there after the upgrade, and lists show it.', () =>
  withFirstSchema(async (file) => {
    await using store = await openSqliteStore({ file });
    assert.equal((await store.getRun(RUN_ID))?.state, 'SUCCEEDED');
    assert.equal((await store.listTasks(RUN_ID)).length, 2);
    assert.equal((await store.lineageOfRun(RUN_ID)).length, 1);
    assert.ok((await store.loadEvents(RUN_ID)).length > 0);
    await store.catalogue().adoptRuns('experiment');
    assert.equal((await store.catalogue().getCataloguedRun(RUN_ID))?.run.runId, RUN_ID);
    assert.deepEqual(migrationsIn(file), [...MIGRATION_NAMES].sort());
  }));

test('the database is copied before it is upgraded, once.', () =>
  withFirstSchema(async (file) => {
    await (await openSqliteStore({ file }))[Symbol.asyncDispose]();
    const copy = `${file}.before-0002-catalogue`;
    assert.deepEqual(migrationsIn(copy), ['0001-runs-and-artifacts']);
    await (await openSqliteStore({ file }))[Symbol.asyncDispose]();
    assert.deepEqual(
      readdirSync(join(file, '..')).filter((name) => name.includes('.before-')),
      ['pipewright.db.before-0002-catalogue'],
    );
  }));

test('a new database and one that is up to date are not copied.', () =>
  withFirstSchema(async (file) => {
    const fresh = join(file, '..', 'fresh.db');
    await (await openSqliteStore({ file: fresh }))[Symbol.asyncDispose]();
    assert.equal(existsSync(`${fresh}.before-${MIGRATION_NAMES[0]!}`), false);
  }));

test('a database of a newer version is refused before anything is changed in it.', () =>
  withFirstSchema(async (file) => {
    const database = new DatabaseSync(file);
    database.exec(`insert into kysely_migration values ('9999-from-the-future', '2030-01-01')`);
    database.close();
    for (const readOnly of [false, true]) {
      await assert.rejects(
        openSqliteStore({ file, readOnly }),
        (error) => error instanceof ProductError && error.code === 'UNSUPPORTED' && /newer version/.test(error.message),
      );
    }
    assert.deepEqual(migrationsIn(file), ['0001-runs-and-artifacts', '9999-from-the-future']);
    assert.equal(existsSync(`${file}.before-0002-catalogue`), false);
  }));

test('an upgrade that has no room for the copy changes nothing.', () =>
  withFirstSchema(async (file) => {
    // A folder in the way of the copy stands for a full disk.
    mkdirSync(join(`${file}.before-0002-catalogue`, 'in-the-way'), { recursive: true });
    await assert.rejects(openSqliteStore({ file }), /could not be copied before it is brought up to date/);
    assert.deepEqual(migrationsIn(file), ['0001-runs-and-artifacts']);
  }));
