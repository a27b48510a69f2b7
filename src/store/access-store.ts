/**
 * The access contract: who may use the installation, and what was done with it. Users, their sessions and API tokens, roles, and
 * the audit log. It shares the database with the store (store.ts).
 *
 * I1. Secrets are not kept: a password is a scrypt hash, a session and a token are the SHA-256 of what their owner holds.
 * I2. A user goes with all sessions, tokens and roles; whoever is given the same name later has none of them.
 * I3. A page continues where the last one ended, whatever was added or removed meanwhile.
 */

export type Role = 'viewer' | 'editor' | 'admin';

export interface UserRow {
  readonly name: string;
  /** `built-in`: the administrator of `--auth-password`. `oidc` and `header` users come into being when they are first seen. */
  readonly origin: 'built-in' | 'password' | 'oidc' | 'header';
  /** What the origin knows the user by, such as issuer and subject; null for those with a password. */
  readonly externalId: string | null;
  readonly passwordHash: string | null;
  /** As the provider named them at the last login. */
  readonly groups: readonly string[];
  readonly createdAtMs: number;
}

export interface SessionRow {
  readonly sessionHash: string;
  readonly userName: string;
  readonly method: 'password' | 'oidc';
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface ApiTokenRow {
  readonly tokenId: string;
  readonly userName: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly tokenHash: string;
  /** The most it can do, whatever its owner may; null: what its owner may. */
  readonly roleCap: Role | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  /** To the minute; null before the first time. */
  readonly lastUsedAtMs: number | null;
}

export interface RoleBindingRow {
  readonly roleBindingId: string;
  readonly subjectKind: 'user' | 'group';
  /** Name of the user or group, which need not have been seen yet. */
  readonly subject: string;
  /** `*`: all of them; "": the default namespace. */
  readonly namespace: string;
  readonly role: Role;
  readonly createdAtMs: number;
}

/** A change that was asked for and how it was answered. */
export interface AuditRow {
  readonly entryId: string;
  readonly createdAtMs: number;
  readonly userName: string;
  /** How the user was known: `open` (no login), `session`, `token NAME`, `header`; `login` for the login itself. */
  readonly via: string;
  /** Network address of the client. */
  readonly address: string;
  readonly routeId: string;
  /** Path of the request, without its query. */
  readonly resource: string;
  /** HTTP status of the answer. */
  readonly status: number;
}

/** Rows come by time of creation and then by id: oldest first, of the audit log newest first. */
export interface AccessQuery {
  readonly after?: AccessPosition;
  readonly limit: number;
}

export interface AccessPosition {
  readonly createdAtMs: number;
  readonly id: string;
}

export interface AccessPage<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; absent on the last. */
  readonly next?: AccessPosition;
}

export interface AccessStore {
  /** Throws ALREADY_EXISTS if the name or the external id is taken. */
  insertUser(row: UserRow): Promise<void>;
  getUser(name: string): Promise<UserRow | undefined>;
  findExternalUser(externalId: string): Promise<UserRow | undefined>;
  listUsers(query: AccessQuery): Promise<AccessPage<UserRow>>;
  /** Nothing happens if there is no such user. */
  updateUser(name: string, change: Partial<Pick<UserRow, 'passwordHash' | 'groups'>>): Promise<void>;
  deleteUser(name: string): Promise<void>;

  insertSession(row: SessionRow): Promise<void>;
  /** Also one that has expired: the caller knows the time. */
  findSession(sessionHash: string): Promise<{ readonly session: SessionRow; readonly user: UserRow } | undefined>;
  deleteSession(sessionHash: string): Promise<void>;
  deleteSessionsOf(userName: string): Promise<void>;
  deleteSessionsExpiredAt(nowMs: number): Promise<void>;

  insertToken(row: ApiTokenRow): Promise<void>;
  getToken(tokenId: string): Promise<ApiTokenRow | undefined>;
  findToken(tokenHash: string): Promise<{ readonly token: ApiTokenRow; readonly user: UserRow } | undefined>;
  /** Of one user, or of all. */
  listTokens(query: AccessQuery & { readonly userName?: string }): Promise<AccessPage<ApiTokenRow>>;
  countTokens(userName: string): Promise<number>;
  recordTokenUse(tokenId: string, atMs: number): Promise<void>;
  deleteToken(tokenId: string): Promise<void>;

  /** One role for each subject in a namespace: throws ALREADY_EXISTS for a second. */
  insertRoleBinding(row: RoleBindingRow): Promise<void>;
  getRoleBinding(roleBindingId: string): Promise<RoleBindingRow | undefined>;
  listRoleBindings(query: AccessQuery): Promise<AccessPage<RoleBindingRow>>;
  roleBindingsOf(subject: { readonly userName: string; readonly groups: readonly string[] }): Promise<readonly RoleBindingRow[]>;
  deleteRoleBinding(roleBindingId: string): Promise<void>;

  /** All of them or none. */
  appendAudit(rows: readonly AuditRow[]): Promise<void>;
  listAudit(query: AccessQuery & { readonly userName?: string }): Promise<AccessPage<AuditRow>>;
  deleteAuditBefore(atMs: number): Promise<void>;
}

/** Its methods, for whoever wraps each of them. */
export const ACCESS_METHODS = [
  'insertUser',
  'getUser',
  'findExternalUser',
  'listUsers',
  'updateUser',
  'deleteUser',
  'insertSession',
  'findSession',
  'deleteSession',
  'deleteSessionsOf',
  'deleteSessionsExpiredAt',
  'insertToken',
  'getToken',
  'findToken',
  'listTokens',
  'countTokens',
  'recordTokenUse',
  'deleteToken',
  'insertRoleBinding',
  'getRoleBinding',
  'listRoleBindings',
  'roleBindingsOf',
  'deleteRoleBinding',
  'appendAudit',
  'listAudit',
  'deleteAuditBefore',
] as const satisfies readonly (keyof AccessStore)[];
