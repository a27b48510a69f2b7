import type { CreateTableBuilder, Kysely } from 'kysely';
import { sql } from 'kysely';
import type { MigrationTarget } from './migrations.ts';

type Table = CreateTableBuilder<string, string>;

/** Documents, runs with their events, tasks and attempts, artifacts with their lineage, and the cache. */
export async function runsAndArtifacts(db: Kysely<unknown>, target: MigrationTarget): Promise<void> {
  // A table that is always reached by its whole key is stored inside that key's tree where the database can do it.
  const keyed = (table: Table): Table => (target.withoutRowid ? table.modifyEnd(sql`without rowid`) : table);
  await createRunTables(db, keyed);
  await createArtifactTables(db, keyed);
}

async function createRunTables(db: Kysely<unknown>, keyed: (table: Table) => Table): Promise<void> {
  const { schema } = db;
  await schema.createTable('documents').addColumn('digest', 'text', primaryKey).addColumn('body', 'text', required).execute();
  await schema
    .createTable('runs')
    .addColumn('run_id', 'text', primaryKey)
    .addColumn('namespace', 'text', required)
    .addColumn('display_name', 'text', required)
    .addColumn('pipeline_name', 'text', required)
    .addColumn('document_digest', 'text', required)
    .addColumn('arguments', 'text', required)
    .addColumn('pipeline_root', 'text', required)
    .addColumn('settings', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('scheduled_at_ms', 'bigint', required)
    .addColumn('cloned_from_run_id', 'text')
    .addColumn('state', 'text', required)
    .addColumn('started_at_ms', 'bigint')
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('error', 'text')
    .addColumn('outputs', 'text')
    .execute();
  await schema.createIndex('runs_created').on('runs').columns(['created_at_ms', 'run_id']).execute();
  await schema.createIndex('runs_state').on('runs').columns(['state', 'created_at_ms', 'run_id']).execute();
  await keyed(
    schema
      .createTable('run_events')
      .addColumn('run_id', 'text', required)
      .addColumn('sequence', 'integer', required)
      .addColumn('events', 'text', required)
      .addPrimaryKeyConstraint('run_events_key', ['run_id', 'sequence']),
  ).execute();
  await keyed(
    schema
      .createTable('tasks')
      .addColumn('run_id', 'text', required)
      .addColumn('task', 'integer', required)
      .addColumn('parent_task', 'integer')
      .addColumn('key', 'text', required)
      .addColumn('display_name', 'text', required)
      .addColumn('path', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('iteration', 'integer')
      .addColumn('state', 'text', required)
      .addColumn('state_reason', 'text')
      .addColumn('error', 'text')
      .addColumn('attempts', 'integer', required)
      .addColumn('cache_key', 'text')
      .addColumn('cached_from_task_id', 'text')
      .addColumn('inputs', 'text')
      .addColumn('outputs', 'text')
      .addColumn('created_at_ms', 'bigint', required)
      .addColumn('started_at_ms', 'bigint')
      .addColumn('ended_at_ms', 'bigint')
      .addPrimaryKeyConstraint('tasks_key', ['run_id', 'task']),
  ).execute();
  await keyed(
    schema
      .createTable('attempts')
      .addColumn('run_id', 'text', required)
      .addColumn('task', 'integer', required)
      .addColumn('attempt', 'integer', required)
      .addColumn('state', 'text', required)
      .addColumn('error', 'text')
      .addColumn('launched_at_ms', 'bigint', required)
      .addColumn('started_at_ms', 'bigint')
      .addColumn('ended_at_ms', 'bigint')
      .addColumn('cpu_ms', 'double precision')
      .addColumn('peak_memory_bytes', 'bigint')
      .addPrimaryKeyConstraint('attempts_key', ['run_id', 'task', 'attempt']),
  ).execute();
}

async function createArtifactTables(db: Kysely<unknown>, keyed: (table: Table) => Table): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('artifacts')
    .addColumn('id', 'text', primaryKey)
    .addColumn('name', 'text', required)
    .addColumn('uri', 'text', required)
    .addColumn('type', 'text', required)
    .addColumn('type_name', 'text', required)
    .addColumn('metadata', 'text', required)
    .addColumn('namespace', 'text', required)
    .addColumn('pipeline_name', 'text', required)
    .addColumn('run_id', 'text', required)
    .addColumn('task', 'integer', required)
    .addColumn('size_bytes', 'bigint')
    .addColumn('created_at_ms', 'bigint', required)
    .execute();
  await schema
    .createIndex('artifacts_type')
    .on('artifacts')
    .columns(['namespace', 'pipeline_name', 'type_name', 'created_at_ms', 'id'])
    .execute();
  await schema.createIndex('artifacts_uri').on('artifacts').columns(['uri', 'namespace', 'pipeline_name']).execute();
  await keyed(
    schema
      .createTable('lineage')
      .addColumn('run_id', 'text', required)
      .addColumn('task', 'integer', required)
      .addColumn('artifact_id', 'text', required)
      .addColumn('direction', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('position', 'integer', required)
      .addPrimaryKeyConstraint('lineage_key', ['run_id', 'task', 'direction', 'name', 'position']),
  ).execute();
  await schema.createIndex('lineage_artifact').on('lineage').columns(['artifact_id']).execute();
  await keyed(
    schema
      .createTable('cache_entries')
      .addColumn('namespace', 'text', required)
      .addColumn('pipeline_name', 'text', required)
      .addColumn('key', 'text', required)
      .addColumn('task_id', 'text', required)
      .addColumn('parameters', 'text', required)
      .addColumn('artifacts', 'text', required)
      .addColumn('created_at_ms', 'bigint', required)
      .addPrimaryKeyConstraint('cache_entries_key', ['namespace', 'pipeline_name', 'key']),
  ).execute();
}

type Column = Parameters<NonNullable<Parameters<Table['addColumn']>[2]>>[0];
const required = (column: Column): Column => column.notNull();
const primaryKey = (column: Column): Column => column.notNull().primaryKey();
