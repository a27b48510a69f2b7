/**
 * Finds out who sends a request. A server without login takes everyone for its administrator, and therefore looks at what leads to
 * it: the name it was asked by and the site that asks. With a login, in this order: an API token, the header of a trusted proxy, a
 * bearer token of the provider, the session cookie.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Context, MiddlewareHandler } from 'hono';
import type { AccessApp } from '../../app/access-app.ts';
import { type AuditEntry, type AuditLog } from '../../app/access-audit.ts';
import { ANONYMOUS_ADMIN, NOBODY, type Principal } from '../../app/access-principal.ts';
import { sessionPrincipal } from '../../app/access-sessions.ts';
import { TOKEN_PREFIX, tokenPrincipal } from '../../app/access-tokens.ts';
import { type AuthConfig, isAuthOn } from './auth-config.ts';
import type { AuthEnv, Caller } from './caller.ts';
import { isSafeMethod, refuseForeignHost, refuseForeignSite, requireOwnSite } from './cross-site.ts';
import { headerPrincipal } from './header-user.ts';
import { networks } from './loopback.ts';
import { type RequestOrigin, requestOrigin } from './request-origin.ts';
import { readCookie, sessionCookieName } from './session-cookie.ts';

export interface AuthenticationOptions {
  readonly app: AccessApp;
  readonly config: AuthConfig;
  readonly audit: AuditLog;
  /** Address of whoever holds the other end of the connection. Default: as @hono/node-server says. */
  readonly peerAddress?: (context: Context) => string;
}

/** Sets `principal` and `caller`; what may be done is decided later (gate.ts). Throws FORBIDDEN for requests of other sites. */
export function authentication(options: AuthenticationOptions): MiddlewareHandler<AuthEnv> {
  const { config, peerAddress = nodePeerAddress } = options;
  const where = { trusted: networks(config.trustedProxies), publicUrl: config.publicUrl };
  return async (context, next) => {
    const request = context.req.raw;
    const origin = requestOrigin(request, peerAddress(context), where);
    const principal = isAuthOn(config) ? await signedIn(options, request, origin) : anonymous(config, request, origin);
    const isStillSignedIn = async (): Promise<boolean> =>
      !isAuthOn(config) || isDeepStrictEqual(await signedIn(options, request, origin), principal);
    let noted: Partial<AuditEntry> | undefined;
    const note = (facts: Partial<AuditEntry>): void => void (noted = { ...noted, ...facts });
    const caller: Caller = { principal, origin, note, isStillSignedIn };
    context.set('principal', principal);
    context.set('caller', caller);
    await next();
    if (context.res.status === 401) context.header('www-authenticate', 'Bearer');
    // What an unknown caller tries changes nothing, and would only fill the log.
    const isChange = !isSafeMethod(request.method) && principal.kind !== 'nobody' && context.get('routeId') !== undefined;
    if (isChange || noted) options.audit.append({ ...auditEntry(context, caller), ...noted });
  };
}

function anonymous(config: AuthConfig, request: Request, origin: RequestOrigin): Principal {
  refuseForeignHost(origin, config.allowedHosts);
  refuseForeignSite(request, origin);
  return ANONYMOUS_ADMIN;
}

async function signedIn({ app, config }: AuthenticationOptions, request: Request, origin: RequestOrigin): Promise<Principal> {
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer?.startsWith(TOKEN_PREFIX)) {
    return (await tokenPrincipal(app, bearer)) ?? refused('the API token is not known here, or has expired or been deleted');
  }
  const named = await headerPrincipal(app, config, request, origin);
  if (named) {
    refuseForeignSite(request, origin);
    return named;
  }
  if (bearer !== undefined) return refused(`the bearer token is none of this server's: those begin with ${TOKEN_PREFIX}`);
  const cookie = readCookie(request.headers, sessionCookieName(origin.isSecure));
  const principal = cookie === undefined ? undefined : await sessionPrincipal(app, cookie);
  if (principal) requireOwnSite(request, origin);
  else refuseForeignSite(request, origin);
  return principal ?? (cookie === undefined ? NOBODY : refused('the session is over'));
}

const refused = (refusal: string): Principal => ({ ...NOBODY, refusal });

const auditEntry = (context: Context<AuthEnv>, { principal, origin }: Caller): AuditEntry => ({
  userName: principal.name,
  via: principal.via,
  address: origin.address,
  routeId: context.get('routeId') ?? '',
  // Without the query, where clients may put anything.
  resource: new URL(context.req.url).pathname,
  status: context.res.status,
});

function nodePeerAddress({ env }: Context): string {
  const bindings = env as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } | undefined;
  return bindings?.incoming?.socket?.remoteAddress ?? '';
}
