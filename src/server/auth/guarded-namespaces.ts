import { type Principal, requireAuthorized } from '../../app/access-principal.ts';
import type { Access } from '../../api/route.ts';
import { MULTI_USER, type Namespaces } from '../context.ts';

/** Namespaces of a server with login, as one caller may name them in one call: any other throws FORBIDDEN. */
export function guardedNamespaces(principal: Principal, access: Access): Namespaces {
  const allowed = (given: string | undefined): string | undefined => {
    requireAuthorized(principal, access, given ?? '');
    return given;
  };
  return {
    of: (given) => MULTI_USER.of(allowed(given)),
    shown: (namespace) => MULTI_USER.shown(namespace),
    within: (given) => MULTI_USER.within(allowed(given)),
    withinRuns: (given) => MULTI_USER.withinRuns(allowed(given)),
  };
}
