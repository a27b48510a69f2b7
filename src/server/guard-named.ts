import { requireAuthorized } from '../app/access-principal.ts';
import type { Context } from './context.ts';
import { namespaceOf } from './resource-namespace.ts';

/**
 * Refuses a call that names, in its body or in a list, things of a namespace the caller may not see. What is not there is left to
 * whoever looks for it. Throws UNAUTHENTICATED, FORBIDDEN.
 */
export async function guardNamed(
  { app, caller }: Context,
  access: string,
  named: readonly Readonly<Record<string, string | undefined>>[],
): Promise<void> {
  if (caller.principal.kind === 'anonymous') return;
  for (const ids of named) {
    const namespace = await namespaceOf(app, ids);
    if (namespace !== undefined) requireAuthorized(caller.principal, access, namespace);
  }
}
