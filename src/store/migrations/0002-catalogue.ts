import type { CreateTableBuilder, Kysely } from 'kysely';
import { sql } from 'kysely';
import type { MigrationTarget } from './migrations.ts';

type Table = CreateTableBuilder<string, string>;
type Column = Parameters<NonNullable<Parameters<Table['addColumn']>[2]>>[0];
const required = (column: Column): Column => column.notNull();
const primaryKey = (column: Column): Column => column.notNull().primaryKey();

/**
 * Pipelines, versions, experiments, recurring runs, and what is known of a run beyond what the engine needs. Where a run belongs is
 * kept in columns of its row, so that every list of runs walks along one index.
 */
export async function catalogue(db: Kysely<unknown>, { dialect }: MigrationTarget): Promise<void> {
  await createNamedTables(db);
  await createRunDetails(db);
  await createRecurringRuns(db);
  await createRunCounts(db);
  for (const statement of dialect === 'sqlite' ? SQLITE_COUNTING : POSTGRES_COUNTING) await sql.raw(statement).execute(db);
}

async function createNamedTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema.createTable('settings').addColumn('name', 'text', primaryKey).addColumn('value', 'text', required).execute();
  await schema
    .createTable('experiments')
    .addColumn('experiment_id', 'text', primaryKey)
    .addColumn('namespace', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('last_run_created_at_ms', 'bigint', required)
    .addColumn('storage_state', 'text', required)
    .addUniqueConstraint('experiments_name', ['namespace', 'name'])
    .execute();
  await schema.createIndex('experiments_created').on('experiments').columns(['created_at_ms', 'experiment_id']).execute();
  await schema
    .createTable('pipelines')
    .addColumn('pipeline_id', 'text', primaryKey)
    .addColumn('namespace', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('display_name', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('tags', 'text', required)
    .addColumn('default_version_id', 'text')
    .addUniqueConstraint('pipelines_name', ['namespace', 'name'])
    .execute();
  await schema.createIndex('pipelines_created').on('pipelines').columns(['created_at_ms', 'pipeline_id']).execute();
  await schema.createIndex('pipelines_display_name').on('pipelines').columns(['display_name', 'pipeline_id']).execute();
  await schema
    .createTable('pipeline_versions')
    .addColumn('pipeline_version_id', 'text', primaryKey)
    .addColumn('pipeline_id', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('display_name', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('code_source_url', 'text', required)
    .addColumn('package_url', 'text', required)
    .addColumn('tags', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('spec_digest', 'text', required)
    .addColumn('template_digest', 'text', required)
    .addUniqueConstraint('pipeline_versions_name', ['pipeline_id', 'name'])
    .execute();
  const created = ['pipeline_id', 'created_at_ms', 'pipeline_version_id'];
  await schema.createIndex('pipeline_versions_created').on('pipeline_versions').columns(created).execute();
}

async function createRunDetails(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('run_details')
    .addColumn('run_id', 'text', primaryKey)
    .addColumn('experiment_id', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('pipeline_id', 'text')
    .addColumn('pipeline_version_id', 'text')
    .addColumn('inline_spec_digest', 'text')
    .addColumn('parameters', 'text', required)
    .addColumn('pipeline_root', 'text', required)
    .addColumn('service_account', 'text', required)
    .addColumn('recurring_run_id', 'text')
    .addColumn('plugins_input', 'text', required)
    .addColumn('earlier_states', 'text', required)
    .addColumn('metrics', 'text', required)
    .execute();
  // The engine's statements name their columns, so that these keep what they have.
  await schema
    .alterTable('runs')
    .addColumn('experiment_id', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await schema
    .alterTable('runs')
    .addColumn('storage_state', 'text', (column) => column.notNull().defaultTo('AVAILABLE'))
    .execute();
  await schema.alterTable('runs').addColumn('recurring_run_id', 'text').execute();
  const index = (name: string, columns: readonly string[]) =>
    schema
      .createIndex(name)
      .on('runs')
      .columns([...columns, 'created_at_ms', 'run_id']);
  await index('runs_experiment', ['experiment_id']).execute();
  await index('runs_experiment_storage', ['experiment_id', 'storage_state']).execute();
  await index('runs_storage', ['storage_state']).execute();
  await index('runs_recurring', ['recurring_run_id']).where(sql.ref('recurring_run_id'), 'is not', null).execute();
  await schema.createIndex('runs_name').on('runs').columns(['display_name', 'run_id']).execute();
}

async function createRecurringRuns({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('recurring_runs')
    .addColumn('recurring_run_id', 'text', primaryKey)
    .addColumn('namespace', 'text', required)
    .addColumn('experiment_id', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .addColumn('is_enabled', 'integer', required)
    .addColumn('max_concurrency', 'integer', required)
    .addColumn('no_catchup', 'integer', required)
    .addColumn('trigger_spec', 'text', required)
    .addColumn('pipeline_id', 'text')
    .addColumn('pipeline_version_id', 'text')
    .addColumn('inline_spec_digest', 'text')
    .addColumn('parameters', 'text', required)
    .addColumn('pipeline_root', 'text', required)
    .addColumn('service_account', 'text', required)
    .addColumn('plugins_input', 'text', required)
    .addColumn('runs_started', 'integer', required)
    .addColumn('last_due_at_ms', 'bigint', required)
    .addColumn('error', 'text', required)
    .execute();
  await schema
    .createIndex('recurring_runs_created')
    .on('recurring_runs')
    .columns(['created_at_ms', 'recurring_run_id'])
    .execute();
  await schema.createIndex('recurring_runs_enabled').on('recurring_runs').columns(['is_enabled']).execute();
}

/** How many runs there are of each kind, kept by the database itself: counting a million rows for every page takes too long. */
async function createRunCounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_counts')
    .addColumn('namespace', 'text', required)
    .addColumn('experiment_id', 'text', required)
    .addColumn('storage_state', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('runs', 'integer', required)
    .addPrimaryKeyConstraint('run_counts_key', ['namespace', 'experiment_id', 'storage_state', 'state'])
    .execute();
  await sql
    .raw('insert into run_counts select namespace, experiment_id, storage_state, state, count(*) from runs group by 1, 2, 3, 4')
    .execute(db);
}

const sqliteCount = (row: 'new' | 'old', step: 1 | -1) => `
  insert into run_counts values (${row}.namespace, ${row}.experiment_id, ${row}.storage_state, ${row}.state, ${step})
  on conflict (namespace, experiment_id, storage_state, state) do update set runs = runs + ${step};`;
const CHANGED = `new.state <> old.state or new.storage_state <> old.storage_state or new.experiment_id <> old.experiment_id`;
const SQLITE_COUNTING = [
  `create trigger run_counts_insert after insert on runs begin ${sqliteCount('new', 1)} end`,
  `create trigger run_counts_delete after delete on runs begin ${sqliteCount('old', -1)} end`,
  `create trigger run_counts_update after update on runs when ${CHANGED}
   begin ${sqliteCount('old', -1)} ${sqliteCount('new', 1)} end`,
];

/** Counted by statement and in one order: transactions that change several counts must not wait for each other in a ring. */
const postgresCount = (name: string, changes: string) => `
  create function ${name}() returns trigger language plpgsql as $$ begin
    insert into run_counts as kept
    select namespace, experiment_id, storage_state, state, sum(step) from (${changes}) as changes
    group by 1, 2, 3, 4 having sum(step) <> 0 order by 1, 2, 3, 4
    on conflict (namespace, experiment_id, storage_state, state) do update set runs = kept.runs + excluded.runs;
    return null;
  end $$`;
const gone = 'select namespace, experiment_id, storage_state, state, -1 as step from before_change';
const come = 'select namespace, experiment_id, storage_state, state, 1 as step from after_change';
const POSTGRES_COUNTING = [
  postgresCount('run_counts_of_insert', come),
  postgresCount('run_counts_of_delete', gone),
  postgresCount('run_counts_of_update', `${gone} union all ${come}`),
  `create trigger run_counts_insert after insert on runs referencing new table as after_change
   for each statement execute function run_counts_of_insert()`,
  `create trigger run_counts_delete after delete on runs referencing old table as before_change
   for each statement execute function run_counts_of_delete()`,
  `create trigger run_counts_update after update on runs referencing old table as before_change new table as after_change
   for each statement execute function run_counts_of_update()`,
];
