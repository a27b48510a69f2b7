import type { CreateTableBuilder, Kysely } from 'kysely';

type Table = CreateTableBuilder<string, string>;
type Column = Parameters<NonNullable<Parameters<Table['addColumn']>[2]>>[0];
const required = (column: Column): Column => column.notNull();
const primaryKey = (column: Column): Column => column.notNull().primaryKey();
/** Sessions and tokens end with their user in one statement, so that none outlives it. */
const ofUser = (column: Column): Column => column.notNull().references('users.name').onDelete('cascade');

/** Users, sessions, API tokens, role bindings, and the audit log. */
export async function access(db: Kysely<unknown>): Promise<void> {
  await createUsers(db);
  await createRoleBindings(db);
  await createAuditLog(db);
}

async function createUsers({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('users')
    .addColumn('name', 'text', primaryKey)
    .addColumn('origin', 'text', required)
    .addColumn('external_id', 'text', (column) => column.unique())
    .addColumn('password_hash', 'text')
    .addColumn('groups', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .execute();
  await schema
    .createTable('sessions')
    .addColumn('session_hash', 'text', primaryKey)
    .addColumn('user_name', 'text', ofUser)
    .addColumn('method', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('expires_at_ms', 'bigint', required)
    .execute();
  await schema.createIndex('sessions_user').on('sessions').columns(['user_name']).execute();
  await schema.createIndex('sessions_expiry').on('sessions').columns(['expires_at_ms']).execute();
  await schema
    .createTable('api_tokens')
    .addColumn('token_id', 'text', primaryKey)
    .addColumn('user_name', 'text', ofUser)
    .addColumn('name', 'text', required)
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('role_cap', 'text')
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('expires_at_ms', 'bigint')
    .addColumn('last_used_at_ms', 'bigint')
    .execute();
  await schema.createIndex('api_tokens_user').on('api_tokens').columns(['user_name', 'created_at_ms', 'token_id']).execute();
}

async function createRoleBindings({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('role_bindings')
    .addColumn('role_binding_id', 'text', primaryKey)
    .addColumn('subject_kind', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('namespace', 'text', required)
    .addColumn('role', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addUniqueConstraint('role_bindings_subject', ['subject_kind', 'subject', 'namespace'])
    .execute();
}

async function createAuditLog({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('audit_log')
    .addColumn('entry_id', 'text', primaryKey)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('user_name', 'text', required)
    .addColumn('via', 'text', required)
    .addColumn('address', 'text', required)
    .addColumn('route_id', 'text', required)
    .addColumn('resource', 'text', required)
    .addColumn('status', 'integer', required)
    .execute();
  await schema.createIndex('audit_log_created').on('audit_log').columns(['created_at_ms', 'entry_id']).execute();
  await schema.createIndex('audit_log_user').on('audit_log').columns(['user_name', 'created_at_ms', 'entry_id']).execute();
}
