import { ProductError } from '../base/errors.ts';
import type { Role, RoleBindingRow } from '../store/access-store.ts';
import type { AccessApp } from './access-app.ts';
import { accessPage, type AccessListReply, type AccessListRequest, isId } from './access-list.ts';
import { authorize, canonicalNamespace, type Principal, requireAuthorized, ROLES } from './access-principal.ts';
import { checkUserName } from './access-users.ts';

/** Kubernetes' names of namespaces (RFC 1123), so that they can become those. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const MAX_GROUP_LENGTH = 256;

export interface NewRoleBinding {
  /** `user` (default) or `group`. */
  readonly subjectKind?: string | undefined;
  /** Need not have been seen yet. */
  readonly subject: string;
  /** `*`: all. Default: the default namespace. */
  readonly namespace?: string | undefined;
  readonly role: string;
}

/** By an administrator of that namespace. Throws FORBIDDEN, INVALID_USAGE or ALREADY_EXISTS. */
export async function createRoleBinding(
  { access, ids, clock }: AccessApp,
  principal: Principal,
  { subjectKind = 'user', subject, namespace: given = '', role }: NewRoleBinding,
): Promise<RoleBindingRow> {
  const namespace = checkNamespace(given);
  requireAuthorized(principal, 'roleBindings:create', namespace);
  const row: RoleBindingRow = {
    roleBindingId: ids.uuid(),
    ...checkSubject(subjectKind === '' ? 'user' : subjectKind, subject),
    namespace,
    role: checkRole(role),
    createdAtMs: clock.now(),
  };
  await access.insertRoleBinding(row);
  return row;
}

/** Those of the namespaces the caller administers; a page may hold fewer than asked for. */
export async function listRoleBindings(
  { access }: AccessApp,
  principal: Principal,
  request: AccessListRequest,
): Promise<AccessListReply<RoleBindingRow>> {
  const { rows, nextPageToken } = await accessPage(request, (query) => access.listRoleBindings(query));
  const shown = rows.filter(({ namespace }) => authorize(principal, 'roleBindings:list', namespace).kind === 'allowed');
  return { rows: shown, nextPageToken };
}

/** Throws NOT_FOUND, also for one of a namespace the caller does not administer. */
export async function deleteRoleBinding({ access }: AccessApp, principal: Principal, roleBindingId: string): Promise<void> {
  const row = isId(roleBindingId) ? await access.getRoleBinding(roleBindingId) : undefined;
  if (!row || authorize(principal, 'roleBindings:delete', row.namespace).kind !== 'allowed') {
    throw new ProductError('NOT_FOUND', `RoleBinding ${roleBindingId} not found`);
  }
  await access.deleteRoleBinding(roleBindingId);
}

/** Throws INVALID_USAGE. */
export function checkRole(role: string): Role {
  const found = ROLES.find((name) => name === role);
  if (found) return found;
  throw new ProductError('INVALID_USAGE', `there is no role ${JSON.stringify(role)}`, {
    hint: `choose one of ${ROLES.join(', ')}`,
  });
}

export function checkNamespace(given: string): string {
  const namespace = canonicalNamespace(given);
  if (namespace === '' || namespace === '*' || NAMESPACE.test(namespace)) return namespace;
  throw new ProductError('INVALID_USAGE', `${JSON.stringify(given)} cannot be a namespace`, {
    hint: 'a namespace has at most 63 small letters, digits and dashes; * stands for all',
  });
}

function checkSubject(subjectKind: string, subject: string): Pick<RoleBindingRow, 'subjectKind' | 'subject'> {
  if (subjectKind === 'user') {
    checkUserName(subject);
    return { subjectKind, subject };
  }
  if (subjectKind !== 'group') {
    throw new ProductError('INVALID_USAGE', `a role is given to a user or a group, not to ${JSON.stringify(subjectKind)}`);
  }
  if (subject === '' || subject.length > MAX_GROUP_LENGTH || /\p{C}/u.test(subject)) {
    throw new ProductError('INVALID_USAGE', `a group has a name of 1 to ${MAX_GROUP_LENGTH} characters`);
  }
  return { subjectKind, subject };
}
