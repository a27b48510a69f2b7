import type { ApiTokenRow, AuditRow, RoleBindingRow, SessionRow, UserRow } from './access-store.ts';

/** The tables of the access contract as Kysely sees them. */
export interface AccessSchema {
  readonly users: UserRecord;
  readonly sessions: SessionRecord;
  readonly api_tokens: ApiTokenRecord;
  readonly role_bindings: RoleBindingRecord;
  readonly audit_log: AuditRecord;
}

export interface UserRecord {
  readonly name: string;
  readonly origin: string;
  readonly external_id: string | null;
  readonly password_hash: string | null;
  /** JSON, as text. */
  readonly groups: string;
  readonly created_at_ms: number;
}

export interface SessionRecord {
  readonly session_hash: string;
  readonly user_name: string;
  readonly method: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
}

export interface ApiTokenRecord {
  readonly token_id: string;
  readonly user_name: string;
  readonly name: string;
  readonly token_hash: string;
  readonly role_cap: string | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly last_used_at_ms: number | null;
}

export interface RoleBindingRecord {
  readonly role_binding_id: string;
  readonly subject_kind: string;
  readonly subject: string;
  readonly namespace: string;
  readonly role: string;
  readonly created_at_ms: number;
}

export interface AuditRecord {
  readonly entry_id: string;
  readonly created_at_ms: number;
  readonly user_name: string;
  readonly via: string;
  readonly address: string;
  readonly route_id: string;
  readonly resource: string;
  readonly status: number;
}

export const userRecord = (row: UserRow): UserRecord => ({
  name: row.name,
  origin: row.origin,
  external_id: row.externalId,
  password_hash: row.passwordHash,
  groups: JSON.stringify(row.groups),
  created_at_ms: row.createdAtMs,
});

export const userRow = (record: UserRecord): UserRow => ({
  name: record.name,
  origin: record.origin as UserRow['origin'],
  externalId: record.external_id,
  passwordHash: record.password_hash,
  groups: JSON.parse(record.groups) as readonly string[],
  createdAtMs: Number(record.created_at_ms),
});

export const sessionRecord = (row: SessionRow): SessionRecord => ({
  session_hash: row.sessionHash,
  user_name: row.userName,
  method: row.method,
  created_at_ms: row.createdAtMs,
  expires_at_ms: row.expiresAtMs,
});

export const sessionRow = (record: SessionRecord): SessionRow => ({
  sessionHash: record.session_hash,
  userName: record.user_name,
  method: record.method as SessionRow['method'],
  createdAtMs: Number(record.created_at_ms),
  expiresAtMs: Number(record.expires_at_ms),
});

export const tokenRecord = (row: ApiTokenRow): ApiTokenRecord => ({
  token_id: row.tokenId,
  user_name: row.userName,
  name: row.name,
  token_hash: row.tokenHash,
  role_cap: row.roleCap,
  created_at_ms: row.createdAtMs,
  expires_at_ms: row.expiresAtMs,
  last_used_at_ms: row.lastUsedAtMs,
});

export const tokenRow = (record: ApiTokenRecord): ApiTokenRow => ({
  tokenId: record.token_id,
  userName: record.user_name,
  name: record.name,
  tokenHash: record.token_hash,
  roleCap: record.role_cap as ApiTokenRow['roleCap'],
  createdAtMs: Number(record.created_at_ms),
  expiresAtMs: numberOrNull(record.expires_at_ms),
  lastUsedAtMs: numberOrNull(record.last_used_at_ms),
});

export const roleBindingRecord = (row: RoleBindingRow): RoleBindingRecord => ({
  role_binding_id: row.roleBindingId,
  subject_kind: row.subjectKind,
  subject: row.subject,
  namespace: row.namespace,
  role: row.role,
  created_at_ms: row.createdAtMs,
});

export const roleBindingRow = (record: RoleBindingRecord): RoleBindingRow => ({
  roleBindingId: record.role_binding_id,
  subjectKind: record.subject_kind as RoleBindingRow['subjectKind'],
  subject: record.subject,
  namespace: record.namespace,
  role: record.role as RoleBindingRow['role'],
  createdAtMs: Number(record.created_at_ms),
});

export const auditRecord = (row: AuditRow): AuditRecord => ({
  entry_id: row.entryId,
  created_at_ms: row.createdAtMs,
  user_name: row.userName,
  via: row.via,
  address: row.address,
  route_id: row.routeId,
  resource: row.resource,
  status: row.status,
});

export const auditRow = (record: AuditRecord): AuditRow => ({
  entryId: record.entry_id,
  createdAtMs: Number(record.created_at_ms),
  userName: record.user_name,
  via: record.via,
  address: record.address,
  routeId: record.route_id,
  resource: record.resource,
  status: Number(record.status),
});

/** Some drivers give 64-bit columns as text. */
const numberOrNull = (value: number | null): number | null => (value === null ? null : Number(value));
