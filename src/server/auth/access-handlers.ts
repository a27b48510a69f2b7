import type { AccessMessages } from '../../api/native/access-messages.ts';
import type { AccessRoutes } from '../../api/native/access-routes.ts';
import type { Message } from '../../api/message.ts';
import type { Handlers } from '../../api/route.ts';
import { listAudit } from '../../app/access-audit.ts';
import { createRoleBinding, deleteRoleBinding, listRoleBindings } from '../../app/access-roles.ts';
import { createToken, deleteToken, listTokens } from '../../app/access-tokens.ts';
import * as users from '../../app/access-users.ts';
import type { ApiTokenRow, RoleBindingRow, UserRow } from '../../store/access-store.ts';
import type { Caller } from './caller.ts';
import { type LoginContext, sessionMessage } from './session-handlers.ts';

/** What a handler of this API needs to be given. */
export interface CallerContext {
  readonly caller: Caller;
}

export type AccessHandlers = Handlers<AccessMessages, AccessRoutes, CallerContext>;

interface PageQuery {
  readonly page_size?: number;
  readonly page_token?: string;
}
const pageOf = ({ page_size, page_token }: PageQuery) => ({ pageSize: page_size, pageToken: page_token });

export function accessHandlers({ app, config, limiter }: Pick<LoginContext, 'app' | 'config' | 'limiter'>): AccessHandlers {
  return {
    Session_Get: async (_, { caller }) => sessionMessage(caller.principal, config),
    async Session_ChangePassword({ body }, { caller }) {
      const { old_password: oldPassword = '', new_password: newPassword = '' } = body;
      const userName = caller.principal.name;
      // Whoever finds a browser logged in could try passwords here.
      await limiter.attempt({ address: caller.origin.address, userName }, async () => {
        await users.changeOwnPassword(app, userName, { oldPassword, newPassword });
      });
      return {};
    },

    async User_List({ query }) {
      const { rows, nextPageToken } = await users.listUsers(app, pageOf(query));
      return { users: rows.map(userMessage), next_page_token: nextPageToken };
    },
    User_Create: async ({ body: { name = '', password = '' } }) => userMessage(await users.createUser(app, { name, password })),
    User_Get: async ({ params }) => userMessage(await users.getUser(app, params.name)),
    User_Update: async ({ params, body }) => userMessage(await users.setPassword(app, params.name, body.password ?? '')),
    async User_Delete({ params }) {
      await users.deleteUser(app, params.name);
      return {};
    },

    async ApiToken_List({ query }, { caller }) {
      const request = { ...pageOf(query), userName: query.user_name };
      const { rows, nextPageToken } = await listTokens(app, caller.principal, request);
      return { tokens: rows.map(tokenMessage), next_page_token: nextPageToken };
    },
    async ApiToken_Create({ body: { name = '', role, expires_at } }, { caller }) {
      const request = { name, roleCap: role, expiresAtMs: expires_at };
      const { row, token } = await createToken(app, caller.principal, request);
      return { ...tokenMessage(row), token };
    },
    async ApiToken_Delete({ params }, { caller }) {
      await deleteToken(app, caller.principal, params.token_id);
      return {};
    },

    async RoleBinding_List({ query }, { caller }) {
      const { rows, nextPageToken } = await listRoleBindings(app, caller.principal, pageOf(query));
      return { role_bindings: rows.map(bindingMessage), next_page_token: nextPageToken };
    },
    async RoleBinding_Create({ body: { subject_kind, subject = '', namespace, role = '' } }, { caller }) {
      const request = { subjectKind: subject_kind, subject, namespace, role };
      return bindingMessage(await createRoleBinding(app, caller.principal, request));
    },
    async RoleBinding_Delete({ params }, { caller }) {
      await deleteRoleBinding(app, caller.principal, params.role_binding_id);
      return {};
    },

    async AuditEntry_List({ query }) {
      const { rows, nextPageToken } = await listAudit(app, { ...pageOf(query), userName: query.user_name });
      const entries = rows.map(({ entryId, createdAtMs, userName, routeId, ...rest }) => ({
        ...rest,
        entry_id: entryId,
        created_at: createdAtMs,
        user_name: userName,
        route_id: routeId,
      }));
      return { entries, next_page_token: nextPageToken };
    },
  };
}

const userMessage = ({ name, origin, groups, createdAtMs }: UserRow): Message<AccessMessages, 'User'> => ({
  name,
  origin,
  groups,
  created_at: createdAtMs,
});

const tokenMessage = (row: ApiTokenRow): Message<AccessMessages, 'ApiToken'> => ({
  token_id: row.tokenId,
  user_name: row.userName,
  name: row.name,
  ...(row.roleCap === null ? {} : { role: row.roleCap }),
  created_at: row.createdAtMs,
  ...(row.expiresAtMs === null ? {} : { expires_at: row.expiresAtMs }),
  ...(row.lastUsedAtMs === null ? {} : { last_used_at: row.lastUsedAtMs }),
});

const bindingMessage = (row: RoleBindingRow): Message<AccessMessages, 'RoleBinding'> => ({
  role_binding_id: row.roleBindingId,
  subject_kind: row.subjectKind,
  subject: row.subject,
  namespace: row.namespace,
  role: row.role,
  created_at: row.createdAtMs,
});
