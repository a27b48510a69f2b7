import type { CreateTableBuilder, Kysely } from 'kysely';

type Column = Parameters<NonNullable<Parameters<CreateTableBuilder<string, string>['addColumn']>[2]>>[0];
const required = (column: Column): Column => column.notNull();
const primaryKey = (column: Column): Column => column.notNull().primaryKey();

/** Servers that share the database, which of them runs which run, and what they ask of each other. SQLite leaves them empty. */
export async function leases({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('servers')
    .addColumn('server_id', 'text', primaryKey)
    .addColumn('alive_until_ms', 'bigint', required)
    .execute();
  await schema
    .createTable('run_leases')
    .addColumn('run_id', 'text', primaryKey)
    .addColumn('server_id', 'text', required)
    // How often the run has changed hands, for whoever looks into what happened.
    .addColumn('fence', 'integer', required)
    .execute();
  await schema.createIndex('run_leases_server').on('run_leases').columns(['server_id']).execute();
  await schema
    .createTable('cancel_requests')
    .addColumn('run_id', 'text', primaryKey)
    .addColumn('reason', 'text', required)
    .execute();
}
