import type { Routes } from '../route.ts';

const OWN = '/apis/pipewright/v1';
const SESSION = `${OWN}/session` as const;
const USER = `${OWN}/users/{name}` as const;
const PAGE_QUERY = { page_token: 'string', page_size: 'int32' } as const;

/** Operations about logins, users, tokens, roles and the audit log, a table. */
export const ACCESS_ROUTES = {
  Session_Get: {
    method: 'GET',
    path: SESSION,
    reply: 'Session',
    access: 'open',
    summary: 'Who asks, with which roles, and how one can log in',
  },
  Session_Create: {
    method: 'POST',
    path: SESSION,
    body: 'CreateSessionRequest',
    reply: 'Session',
    access: 'open',
    form: 'raw',
    summary: 'Logs in with a password; the answer sets a cookie',
  },
  Session_Delete: {
    method: 'DELETE',
    path: SESSION,
    reply: 'EndedSession',
    access: 'open',
    form: 'raw',
    summary: 'Logs out',
  },
  Session_ChangePassword: {
    method: 'POST',
    path: `${SESSION}:changePassword`,
    body: 'ChangePasswordRequest',
    reply: 'Empty',
    access: 'session:update',
    summary: 'Changes one’s own password and ends all of one’s sessions',
  },
  Oidc_Start: {
    method: 'GET',
    path: `${OWN}/login/oidc`,
    query: { return_to: 'string' },
    reply: 'Empty',
    access: 'open',
    form: 'raw',
    summary: 'Sends the browser to the OpenID provider, and afterwards to a path of this server',
  },
  Oidc_Callback: {
    method: 'GET',
    path: `${OWN}/login/oidc/callback`,
    query: { code: 'string', state: 'string', iss: 'string', error: 'string', error_description: 'string' },
    reply: 'Empty',
    access: 'open',
    form: 'raw',
    summary: 'Where the OpenID provider sends the browser back to',
  },

  User_List: {
    method: 'GET',
    path: `${OWN}/users`,
    query: PAGE_QUERY,
    reply: 'ListUsersResponse',
    access: 'users:list',
    summary: 'All users, oldest first',
  },
  User_Create: {
    method: 'POST',
    path: `${OWN}/users`,
    body: 'CreateUserRequest',
    reply: 'User',
    access: 'users:create',
    summary: 'Makes a user with a password; roles are given by role bindings',
  },
  User_Get: { method: 'GET', path: USER, reply: 'User', access: 'users:get', summary: 'One user' },
  User_Update: {
    method: 'PATCH',
    path: USER,
    body: 'UpdateUserRequest',
    reply: 'User',
    access: 'users:update',
    summary: 'Sets the password of a user and ends the sessions',
  },
  User_Delete: {
    method: 'DELETE',
    path: USER,
    reply: 'Empty',
    access: 'users:delete',
    summary: 'Deletes a user with sessions, tokens and roles; what the user made stays',
  },

  ApiToken_List: {
    method: 'GET',
    path: `${OWN}/tokens`,
    query: { ...PAGE_QUERY, user_name: 'string' },
    reply: 'ListApiTokensResponse',
    access: 'tokens:list',
    summary: 'One’s own API tokens; for administrators those of another user, or of all (*)',
  },
  ApiToken_Create: {
    method: 'POST',
    path: `${OWN}/tokens`,
    body: 'CreateApiTokenRequest',
    reply: 'ApiToken',
    access: 'tokens:create',
    summary: 'Makes an API token, which is shown this once',
  },
  ApiToken_Delete: {
    method: 'DELETE',
    path: `${OWN}/tokens/{token_id}`,
    reply: 'Empty',
    access: 'tokens:delete',
    summary: 'Deletes an API token: from then on it is refused',
  },

  RoleBinding_List: {
    method: 'GET',
    path: `${OWN}/rolebindings`,
    query: PAGE_QUERY,
    reply: 'ListRoleBindingsResponse',
    access: 'roleBindings:list',
    summary: 'Who has which role in the namespaces the caller administers',
  },
  RoleBinding_Create: {
    method: 'POST',
    path: `${OWN}/rolebindings`,
    body: 'RoleBinding',
    reply: 'RoleBinding',
    access: 'roleBindings:create',
    summary: 'Gives a user or a group a role in a namespace, or in all (*)',
  },
  RoleBinding_Delete: {
    method: 'DELETE',
    path: `${OWN}/rolebindings/{role_binding_id}`,
    reply: 'Empty',
    access: 'roleBindings:delete',
    summary: 'Takes the role away, from the next request on',
  },

  AuditEntry_List: {
    method: 'GET',
    path: `${OWN}/audit`,
    query: { ...PAGE_QUERY, user_name: 'string' },
    reply: 'ListAuditEntriesResponse',
    access: 'audit:list',
    summary: 'What was changed by whom, newest first',
  },
} as const satisfies Routes;

export type AccessRoutes = typeof ACCESS_ROUTES;
