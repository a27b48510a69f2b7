import { ACCESS_MESSAGES, type AccessMessages } from '../../api/native/access-messages.ts';
import { encodeMessage } from '../../api/encode-message.ts';
import type { Message } from '../../api/message.ts';
import { parseBody } from '../../api/parse-body.ts';
import type { AccessApp } from '../../app/access-app.ts';
import type { Principal } from '../../app/access-principal.ts';
import { checkLogin, closeSession, openSession, sessionPrincipal } from '../../app/access-sessions.ts';
import { isUserName } from '../../app/access-users.ts';
import { ProductError } from '../../base/errors.ts';
import { errorReply } from '../error-reply.ts';
import { bodyText, readBody } from '../read-body.ts';
import { type AuthConfig, isAuthOn } from './auth-config.ts';
import type { Caller } from './caller.ts';
import type { LoginLimiter } from './login-limiter.ts';
import type { OidcLogin } from './oidc-login.ts';
import { readCookie, sessionCookieName, setCookie } from './session-cookie.ts';

export interface LoginContext {
  readonly app: AccessApp;
  readonly config: AuthConfig;
  readonly limiter: LoginLimiter;
  readonly oidc: OidcLogin | null;
  /** Resolves when the administrator of the configuration is there; tried again if that failed. */
  readonly ready: () => Promise<void>;
}

const MAX_LOGIN_BYTES = 16 * 1024;

/** POST: a password for a cookie. */
export async function createSession(login: LoginContext, request: Request, caller: Caller): Promise<Response> {
  const { app, config, limiter } = login;
  requirePasswordLogin(config);
  const text = bodyText(await readBody(request, MAX_LOGIN_BYTES));
  const { username: name = '', password = '' } = parseBody(ACCESS_MESSAGES, 'CreateSessionRequest', text);
  await login.ready();
  const user = await limiter.attempt({ address: caller.origin.address, userName: name }, async () => {
    // Noted with a name only when there is such a user: a password typed into the wrong field is not to be kept.
    caller.note({ userName: (await knownName(app, name)) ?? '', via: 'login' });
    return await checkLogin(app, { name, password });
  });
  const { secret, expiresAtMs } = await openSession(app, user, 'password');
  await closeOldSession(app, request, caller);
  const principal = (await sessionPrincipal(app, secret))!;
  return withSessionCookie(jsonSession(sessionMessage(principal, config)), secret, { app, caller, expiresAtMs });
}

/** Answers errors as messages of the API do, and says when to try again. */
export async function answeringErrors(answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    const { status, body } = errorReply(error);
    const { retryAfterSeconds } = error;
    const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    return Response.json(body, { status, headers });
  }
}

async function knownName({ access }: AccessApp, name: string): Promise<string | undefined> {
  return isUserName(name) ? (await access.getUser(name))?.name : undefined;
}

function requirePasswordLogin(config: AuthConfig): void {
  if (config.password !== null) return;
  const hint = config.oidc ? 'log in at /apis/pipewright/v1/login/oidc' : 'start it with --auth-password to have one';
  throw new ProductError('FAILED_PRECONDITION', 'this server has no login with a password', { hint });
}

/** DELETE: the cookie and what it stands for are gone, whether there was one or not. */
export async function deleteSession({ app, oidc }: LoginContext, request: Request, caller: Caller): Promise<Response> {
  const method = await closeOldSession(app, request, caller);
  const url = method === 'oidc' ? await oidc?.logoutUrl(caller) : undefined;
  const body = encodeMessage(ACCESS_MESSAGES, 'EndedSession', url ? { provider_logout_url: url } : {});
  const response = Response.json(body, { headers: { 'cache-control': 'no-store' } });
  const { isSecure } = caller.origin;
  response.headers.append('set-cookie', setCookie(sessionCookieName(isSecure), '', { isSecure, maxAgeSeconds: 0 }));
  return response;
}

async function closeOldSession(app: AccessApp, request: Request, { origin }: Caller) {
  const secret = readCookie(request.headers, sessionCookieName(origin.isSecure));
  return secret === undefined ? undefined : await closeSession(app, secret);
}

interface CookieContext {
  readonly app: AccessApp;
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

export function withSessionCookie(response: Response, secret: string, { app, caller, expiresAtMs }: CookieContext): Response {
  const { isSecure } = caller.origin;
  const maxAgeSeconds = (expiresAtMs - app.clock.now()) / 1000;
  response.headers.append('set-cookie', setCookie(sessionCookieName(isSecure), secret, { isSecure, maxAgeSeconds }));
  return response;
}

const jsonSession = (message: Message<AccessMessages, 'Session'>): Response =>
  Response.json(encodeMessage(ACCESS_MESSAGES, 'Session', message), { headers: { 'cache-control': 'no-store' } });

/** GET: who asks, and what a login form can offer. */
export function sessionMessage(principal: Principal, config: AuthConfig): Message<AccessMessages, 'Session'> {
  const methods = [...(config.password === null ? [] : ['password']), ...(config.oidc ? ['oidc'] : [])];
  return {
    user_name: principal.name,
    is_signed_in: principal.kind === 'user',
    is_login_required: isAuthOn(config),
    login_methods: methods,
    via: principal.via,
    roles: principal.grants.map(({ namespace, role }) => ({ namespace, role })),
    ...(principal.expiresAtMs === null ? {} : { expires_at: principal.expiresAtMs }),
  };
}
