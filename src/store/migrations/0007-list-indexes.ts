import { type Kysely, sql } from 'kysely';
import type { MigrationTarget } from './migrations.ts';

/** What pages of runs and artifacts walk along, whatever they are filtered and sorted by, and an index of the names of runs. */
export async function listIndexes(db: Kysely<unknown>, { dialect }: MigrationTarget): Promise<void> {
  const artifacts = (name: string, columns: readonly string[]) =>
    db.schema
      .createIndex(name)
      .on('artifacts')
      .columns([...columns, 'created_at_ms', 'id'])
      .execute();
  await artifacts('artifacts_created', []);
  await artifacts('artifacts_pipeline', ['namespace', 'pipeline_name']);
  await artifacts('artifacts_run', ['run_id']);
  await artifacts('artifacts_any_type', ['type_name']);
  const runs = (name: string, columns: readonly string[]) =>
    db.schema
      .createIndex(name)
      .on('runs')
      .columns([...columns])
      .execute();
  for (const replaced of ['runs_created', 'runs_experiment', 'runs_experiment_storage'])
    await db.schema.dropIndex(replaced).execute();
  // With the names: a text that many names contain is met on a walk along these indexes, without looking at the runs.
  await runs('runs_created', ['created_at_ms', 'run_id', 'display_name']);
  await runs('runs_experiment', ['experiment_id', 'created_at_ms', 'run_id', 'display_name']);
  await runs('runs_experiment_name', ['experiment_id', 'display_name', 'run_id']);
  await runs('runs_namespace', ['namespace', 'created_at_ms', 'run_id']);
  await runs('runs_experiment_state', ['experiment_id', 'state', 'created_at_ms', 'run_id']);
  await runs('runs_by_state', ['state', 'run_id']);
  await runs('runs_by_storage', ['storage_state', 'run_id']);
  await runs('runs_by_experiment', ['experiment_id', 'run_id']);
  await runs('runs_by_pipeline', ['pipeline_name', 'run_id']);
  await runs('runs_by_schedule', ['scheduled_at_ms', 'run_id']);
  await sql`create index runs_by_end on runs (coalesce(ended_at_ms, 0), run_id)`.execute(db);
  for (const statement of dialect === 'sqlite' ? SQLITE_NAMES : POSTGRES_NAMES) await sql.raw(statement).execute(db);
}

/**
 * SQLite: the names once more in a narrow table, by numbers that stay when the file is compacted, and the trigrams of each.
 * Positions of trigrams are left out, which halves the index.
 */
const SQLITE_NAMES = [
  'create table run_names (number integer primary key, run_id text not null unique, name text not null)',
  `create virtual table run_name_trigrams using fts5(name, content='', contentless_delete=1, tokenize='trigram', detail=none)`,
  'insert into run_names (run_id, name) select run_id, display_name from runs order by created_at_ms',
  'insert into run_name_trigrams (rowid, name) select number, name from run_names',
  `create trigger run_names_insert after insert on runs begin
     insert into run_names (run_id, name) values (new.run_id, new.display_name);
     insert into run_name_trigrams (rowid, name) values (last_insert_rowid(), new.display_name);
   end`,
  `create trigger run_names_delete after delete on runs begin
     delete from run_name_trigrams where rowid = (select number from run_names where run_id = old.run_id);
     delete from run_names where run_id = old.run_id;
   end`,
  `create trigger run_names_update after update of display_name on runs when new.display_name <> old.display_name begin
     update run_names set name = new.display_name where run_id = new.run_id;
     delete from run_name_trigrams where rowid = (select number from run_names where run_id = new.run_id);
     insert into run_name_trigrams (rowid, name) select number, name from run_names where run_id = new.run_id;
   end`,
];

/** PostgreSQL: the extension that comes with it, if it may be used; without it, names are searched one by one. */
const POSTGRES_NAMES = [
  `do $$ begin
     create extension if not exists pg_trgm;
     create index runs_name_trigrams on runs using gin (display_name gin_trgm_ops);
   exception when others then
     raise notice 'pg_trgm cannot be used (%): the names of runs are searched one by one', sqlerrm;
   end $$`,
];
