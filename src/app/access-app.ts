import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { SecretSource } from '../base/secret-source.ts';
import type { AccessStore, Role, UserRow } from '../store/access-store.ts';
import type { PasswordCost } from './access-passwords.ts';
import { canonicalNamespace, type Grant, lesserRole } from './access-principal.ts';

/** What the functions about users, tokens, roles and the audit log work with. */
export interface AccessApp {
  readonly access: AccessStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly secrets: SecretSource;
  readonly policy: AccessPolicy;
  /** Default: what a password should cost today. */
  readonly passwordCost?: PasswordCost;
}

/** Roles that come from the configuration and not from the store. */
export interface AccessPolicy {
  /** Whether the administrator of `--auth-password` is one; not, if the server was started without. */
  readonly hasBuiltInAdmin: boolean;
  /** Users who are administrators everywhere. */
  readonly admins: readonly string[];
  readonly groupRoles: readonly GroupRole[];
}

export interface GroupRole extends Grant {
  readonly group: string;
}

/** The group all users are in. */
export const EVERYONE = '*';

export const NO_POLICY: AccessPolicy = { hasBuiltInAdmin: false, admins: [], groupRoles: [] };

/** Everything a user may do, from all sources, within the cap. */
export async function grantsOf({ access, policy }: AccessApp, user: UserRow, cap: Role | null): Promise<readonly Grant[]> {
  const isAdmin = (policy.hasBuiltInAdmin && user.origin === 'built-in') || policy.admins.includes(user.name);
  const groups = [...user.groups, EVERYONE];
  const bindings = await access.roleBindingsOf({ userName: user.name, groups });
  const all: readonly Grant[] = [
    ...(isAdmin ? [{ namespace: '*', role: 'admin' as const }] : []),
    ...policy.groupRoles.filter(({ group }) => groups.includes(group)),
    ...bindings,
  ];
  return all.map(({ namespace, role }) => ({ namespace: canonicalNamespace(namespace), role: lesserRole(role, cap) }));
}

/** What is kept of a secret: it has 256 bits, so that no salt and no slow hash are needed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
