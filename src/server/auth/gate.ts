import type { Context, MiddlewareHandler } from 'hono';
import { requireAuthorized } from '../../app/access-principal.ts';
import type { Access, Route } from '../../api/route.ts';
import type { AuthEnv } from './caller.ts';

/**
 * Lets a call in or throws UNAUTHENTICATED or FORBIDDEN. Where the thing is that a call is about is asked only of those who have the
 * role somewhere; undefined is for calls whose body says it, and whose handlers have to ask again (guardedNamespaces).
 */
export async function gate(
  context: Context,
  { access }: Pick<Route, 'access'>,
  namespace: () => Promise<string | undefined>,
): Promise<void> {
  const principal = (context as Context<AuthEnv>).get('principal');
  requireAuthorized(principal, access);
  if (access !== 'open') requireAuthorized(principal, access, await namespace());
}

/** The same for paths that are in no table, such as those of the stock frontend. Default: the default namespace. */
export function requireAccess(
  access: Access,
  namespace: (context: Context<AuthEnv>) => string | Promise<string> = () => '',
): MiddlewareHandler<AuthEnv> {
  return async (context, next) => {
    await gate(context, { access }, async () => await namespace(context));
    await next();
  };
}
