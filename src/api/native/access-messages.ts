import type { Schemas } from '../message.ts';

/** Messages about logins, users, tokens, roles and the audit log, a table. A role is `viewer`, `editor` or `admin`. */
export const ACCESS_MESSAGES = {
  Empty: {},
  /** Who asks, and how one can log in. */
  Session: {
    /** "anonymous" on a server without login; absent for those who are not logged in. */
    user_name: 'string',
    is_signed_in: 'bool',
    is_login_required: 'bool',
    /** `password`, `oidc`: what the login form can offer. */
    login_methods: 'string[]',
    /** How the user is known: open, session, token NAME, header. */
    via: 'string',
    roles: 'RoleGrant[]',
    expires_at: 'instant',
  },
  /** A role in a namespace: `*` is all of them, absent the default one. */
  RoleGrant: { namespace: 'string', role: 'string' },
  CreateSessionRequest: { username: 'string', password: 'string' },
  /** Where the browser goes to log out at the provider as well, if it can. */
  EndedSession: { provider_logout_url: 'string' },
  ChangePasswordRequest: { old_password: 'string', new_password: 'string' },

  User: {
    name: 'string',
    /** built-in, password, oidc, header. */
    origin: 'string',
    groups: 'string[]',
    created_at: 'instant',
  },
  CreateUserRequest: { name: 'string', password: 'string' },
  UpdateUserRequest: { password: 'string' },
  ListUsersResponse: { users: 'User[]', next_page_token: 'string' },

  ApiToken: {
    token_id: 'string',
    user_name: 'string',
    name: 'string',
    /** The most it can do; absent: whatever its owner may. */
    role: 'string',
    created_at: 'instant',
    /** Absent: never. */
    expires_at: 'instant',
    last_used_at: 'instant',
    /** The token itself, in the answer to its creation only. */
    token: 'string',
  },
  CreateApiTokenRequest: { name: 'string', role: 'string', expires_at: 'instant' },
  ListApiTokensResponse: { tokens: 'ApiToken[]', next_page_token: 'string' },

  RoleBinding: {
    role_binding_id: 'string',
    /** user (default) or group. */
    subject_kind: 'string',
    subject: 'string',
    namespace: 'string',
    role: 'string',
    created_at: 'instant',
  },
  ListRoleBindingsResponse: { role_bindings: 'RoleBinding[]', next_page_token: 'string' },

  AuditEntry: {
    entry_id: 'string',
    created_at: 'instant',
    user_name: 'string',
    via: 'string',
    address: 'string',
    route_id: 'string',
    resource: 'string',
    status: 'int32',
  },
  ListAuditEntriesResponse: { entries: 'AuditEntry[]', next_page_token: 'string' },
} as const satisfies Schemas;

export type AccessMessages = typeof ACCESS_MESSAGES;
