import { ProductError } from '../base/errors.ts';
import type { Role } from '../store/access-store.ts';
import { accessRule, type LeastRole } from './access-rules.ts';

/** Who asks, and what may be done: everything that is decided about a request is decided from this. */
export interface Principal {
  /** `anonymous`: the only user of a server without login. `nobody`: not signed in on a server with one. */
  readonly kind: 'anonymous' | 'user' | 'nobody';
  /** "" for nobody. */
  readonly name: string;
  /** As AuditRow.via; "" for nobody. */
  readonly via: string;
  readonly grants: readonly Grant[];
  /** The most a token lets its owner do; null: no such limit. The grants are within it already. */
  readonly roleCap: Role | null;
  /** When the session or token ends, in epoch milliseconds; null: never. */
  readonly expiresAtMs: number | null;
  /** Why what was sent does not sign in; only of nobody. */
  readonly refusal?: string;
}

export interface Grant {
  /** `*`: all; "": the default one. */
  readonly namespace: string;
  readonly role: Role;
}

export type Verdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'forbidden'; readonly leastRole: LeastRole | 'no one'; readonly namespace: string };

export const ROLES: readonly Role[] = ['viewer', 'editor', 'admin'];

/** Whoever reaches a server without login. */
export const ANONYMOUS_ADMIN: Principal = {
  kind: 'anonymous',
  name: 'anonymous',
  via: 'open',
  grants: [{ namespace: '*', role: 'admin' }],
  roleCap: null,
  expiresAtMs: null,
};

export const NOBODY: Principal = { kind: 'nobody', name: '', via: '', grants: [], roleCap: null, expiresAtMs: null };

/** How the engine calls the namespace of those who name none. */
const ENGINE_DEFAULT = 'default';

/** The default namespace has one name in grants: "". */
export const canonicalNamespace = (namespace: string): string => (namespace === ENGINE_DEFAULT ? '' : namespace);

/**
 * Whether a principal may do something in a namespace. Without a namespace: whether in any at all, which is asked before it is known
 * where a thing belongs.
 */
export function authorize(principal: Principal, access: string, namespace?: string): Verdict {
  if (access === 'open') return { kind: 'allowed' };
  if (principal.kind === 'nobody') return { kind: 'unauthenticated' };
  const rule = accessRule(access);
  const where = rule?.inAllNamespaces ? '*' : namespace === undefined ? undefined : canonicalNamespace(namespace);
  if (!rule) return { kind: 'forbidden', leastRole: 'no one', namespace: where ?? '' };
  const { leastRole } = rule;
  if (leastRole === 'user') return { kind: 'allowed' };
  const isAllowed = principal.grants.some(
    (grant) => covers(grant, where) && ROLES.indexOf(grant.role) >= ROLES.indexOf(leastRole),
  );
  return isAllowed ? { kind: 'allowed' } : { kind: 'forbidden', leastRole, namespace: where ?? '' };
}

const covers = (grant: Grant, namespace: string | undefined): boolean =>
  namespace === undefined || grant.namespace === '*' || grant.namespace === namespace;

/** Throws UNAUTHENTICATED or FORBIDDEN, with the role that is missing. */
export function requireAuthorized(principal: Principal, access: string, namespace?: string): void {
  const verdict = authorize(principal, access, namespace);
  if (verdict.kind === 'allowed') return;
  if (verdict.kind === 'unauthenticated') {
    throw new ProductError('UNAUTHENTICATED', principal.refusal ?? 'this server wants to know who asks', {
      hint: 'log in, or send an API token in the header "Authorization: Bearer …" (kfp: existing_token)',
    });
  }
  const { leastRole } = verdict;
  const where = namespaceText(verdict.namespace);
  throw new ProductError('FORBIDDEN', `User '${principal.name}' is not authorized to do ${access} in ${where}`, {
    hint:
      principal.roleCap === null
        ? `it takes the role ${leastRole}; an administrator can give it`
        : `it takes the role ${leastRole}, and this API token is limited to ${principal.roleCap}`,
  });
}

/** The namespaces a principal may do something in; `*` among them stands for all. */
export function namespacesWith(principal: Principal, access: string): readonly string[] {
  const namespaces = new Set(principal.grants.map(({ namespace }) => namespace));
  return [...namespaces].filter((namespace) => authorize(principal, access, namespace).kind === 'allowed').toSorted();
}

export function namespaceText(namespace: string): string {
  if (namespace === '*') return 'all namespaces';
  return namespace === '' ? 'the default namespace' : `the namespace ${namespace}`;
}

export const lesserRole = (role: Role, cap: Role | null): Role =>
  cap !== null && ROLES.indexOf(cap) < ROLES.indexOf(role) ? cap : role;
