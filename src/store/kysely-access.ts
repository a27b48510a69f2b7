import type { Kysely } from 'kysely';
import type { AccessSchema } from './access-records.ts';
import * as records from './access-records.ts';
import { accessPage } from './access-page.ts';
import type { AccessStore } from './access-store.ts';
import { ProductError } from '../base/errors.ts';

/**
 * The access contract on any database Kysely speaks to. Every method is single statements that are harmless one by one: the
 * connection of the embedded database is shared with statements that do not wait for a transaction of Kysely's to end.
 */
export function kyselyAccess(db: Kysely<AccessSchema>): AccessStore {
  return { ...users(db), ...sessions(db), ...tokens(db), ...roleBindings(db), ...auditLog(db) };
}

type UserMethods = 'insertUser' | 'getUser' | 'findExternalUser' | 'listUsers' | 'updateUser' | 'deleteUser';

function users(db: Kysely<AccessSchema>): Pick<AccessStore, UserMethods> {
  const one = async (column: 'name' | 'external_id', value: string) => {
    const record = await db.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst();
    return record && records.userRow(record);
  };
  return {
    async insertUser(row) {
      const insert = db
        .insertInto('users')
        .values(records.userRecord(row))
        .onConflict((conflict) => conflict.doNothing());
      await insertedOrTaken(insert.returning('name').execute(), `The user ${row.name} already exists`);
    },
    getUser: (name) => one('name', name),
    findExternalUser: (externalId) => one('external_id', externalId),
    listUsers: (query) => accessPage(db.selectFrom('users').selectAll(), { id: 'name', toRow: records.userRow, query }),
    async updateUser(name, { passwordHash, groups }) {
      const change = {
        ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
        ...(groups === undefined ? {} : { groups: JSON.stringify(groups) }),
      };
      if (Object.keys(change).length > 0) await db.updateTable('users').set(change).where('name', '=', name).execute();
    },
    async deleteUser(name) {
      // Roles first: if only this is done, there is a user without rights, who can be deleted again.
      await db.deleteFrom('role_bindings').where('subject_kind', '=', 'user').where('subject', '=', name).execute();
      await db.deleteFrom('users').where('name', '=', name).execute();
    },
  };
}

type SessionMethods = 'insertSession' | 'findSession' | 'deleteSession' | 'deleteSessionsOf' | 'deleteSessionsExpiredAt';

function sessions(db: Kysely<AccessSchema>): Pick<AccessStore, SessionMethods> {
  return {
    async insertSession(row) {
      await db.insertInto('sessions').values(records.sessionRecord(row)).execute();
    },
    async findSession(sessionHash) {
      const found = await db
        .selectFrom('sessions')
        .innerJoin('users', 'users.name', 'sessions.user_name')
        .select(['session_hash', 'user_name', 'method', 'sessions.created_at_ms as session_created_at_ms', 'expires_at_ms'])
        .select(['users.name', 'origin', 'external_id', 'password_hash', 'groups', 'users.created_at_ms'])
        .where('session_hash', '=', sessionHash)
        .executeTakeFirst();
      if (!found) return undefined;
      const session = records.sessionRow({ ...found, created_at_ms: found.session_created_at_ms });
      return { session, user: records.userRow(found) };
    },
    async deleteSession(sessionHash) {
      await db.deleteFrom('sessions').where('session_hash', '=', sessionHash).execute();
    },
    async deleteSessionsOf(userName) {
      await db.deleteFrom('sessions').where('user_name', '=', userName).execute();
    },
    async deleteSessionsExpiredAt(nowMs) {
      await db.deleteFrom('sessions').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}

type TokenMethods = Extract<keyof AccessStore, `${string}Token${string}`>;

function tokens(db: Kysely<AccessSchema>): Pick<AccessStore, TokenMethods> {
  return {
    async insertToken(row) {
      await db.insertInto('api_tokens').values(records.tokenRecord(row)).execute();
    },
    async getToken(tokenId) {
      const record = await db.selectFrom('api_tokens').selectAll().where('token_id', '=', tokenId).executeTakeFirst();
      return record && records.tokenRow(record);
    },
    async findToken(tokenHash) {
      const record = await db.selectFrom('api_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
      if (!record) return undefined;
      const user = await db.selectFrom('users').selectAll().where('name', '=', record.user_name).executeTakeFirst();
      return user && { token: records.tokenRow(record), user: records.userRow(user) };
    },
    listTokens(query) {
      const all = db.selectFrom('api_tokens').selectAll();
      const wanted = query.userName === undefined ? all : all.where('user_name', '=', query.userName);
      return accessPage(wanted, { id: 'token_id', toRow: records.tokenRow, query });
    },
    async countTokens(userName) {
      const count = db.selectFrom('api_tokens').select(({ fn }) => fn.countAll().as('tokens'));
      return Number((await count.where('user_name', '=', userName).executeTakeFirstOrThrow()).tokens);
    },
    async recordTokenUse(tokenId, atMs) {
      await db.updateTable('api_tokens').set({ last_used_at_ms: atMs }).where('token_id', '=', tokenId).execute();
    },
    async deleteToken(tokenId) {
      await db.deleteFrom('api_tokens').where('token_id', '=', tokenId).execute();
    },
  };
}

type BindingMethods = Extract<keyof AccessStore, `${string}RoleBinding${string}` | `roleBindings${string}`>;

function roleBindings(db: Kysely<AccessSchema>): Pick<AccessStore, BindingMethods> {
  return {
    async insertRoleBinding(row) {
      const values = records.roleBindingRecord(row);
      const insert = db
        .insertInto('role_bindings')
        .values(values)
        .onConflict((conflict) => conflict.doNothing());
      const message = `The ${row.subjectKind} ${row.subject} already has a role in this namespace`;
      await insertedOrTaken(insert.returning('role_binding_id').execute(), message, 'delete that role binding first');
    },
    async getRoleBinding(id) {
      const record = await db.selectFrom('role_bindings').selectAll().where('role_binding_id', '=', id).executeTakeFirst();
      return record && records.roleBindingRow(record);
    },
    listRoleBindings(query) {
      const all = db.selectFrom('role_bindings').selectAll();
      return accessPage(all, { id: 'role_binding_id', toRow: records.roleBindingRow, query });
    },
    async roleBindingsOf({ userName, groups }) {
      const found = await db
        .selectFrom('role_bindings')
        .selectAll()
        .where((eb) =>
          eb.or([
            eb.and([eb('subject_kind', '=', 'user'), eb('subject', '=', userName)]),
            ...(groups.length > 0 ? [eb.and([eb('subject_kind', '=', 'group'), eb('subject', 'in', groups)])] : []),
          ]),
        )
        .execute();
      return found.map(records.roleBindingRow);
    },
    async deleteRoleBinding(id) {
      await db.deleteFrom('role_bindings').where('role_binding_id', '=', id).execute();
    },
  };
}

type AuditMethods = Extract<keyof AccessStore, `${string}Audit${string}`>;

function auditLog(db: Kysely<AccessSchema>): Pick<AccessStore, AuditMethods> {
  return {
    async appendAudit(rows) {
      if (rows.length > 0) await db.insertInto('audit_log').values(rows.map(records.auditRecord)).execute();
    },
    listAudit(query) {
      const all = db.selectFrom('audit_log').selectAll();
      const wanted = query.userName === undefined ? all : all.where('user_name', '=', query.userName);
      return accessPage(wanted, { id: 'entry_id', toRow: records.auditRow, query, descending: true });
    },
    async deleteAuditBefore(atMs) {
      await db.deleteFrom('audit_log').where('created_at_ms', '<', atMs).execute();
    },
  };
}

/** A row that was not inserted because its name is taken comes back as none, in every database. */
async function insertedOrTaken(inserted: Promise<readonly unknown[]>, message: string, hint?: string): Promise<void> {
  if ((await inserted).length > 0) return;
  throw new ProductError('ALREADY_EXISTS', message, hint === undefined ? {} : { hint });
}
