/**
 * Login at an OpenID Connect provider: authorization code flow with PKCE, state and nonce
 * (https://openid.net/specs/openid-connect-core-1_0.html, RFC 7636). openid-client is loaded, and the provider asked for its
 * configuration, when the first user logs in.
 *
 * Owns: what is asked of the provider and the cookie that ties its answer to the browser. Doesn't own: who may do what.
 * I1. An answer counts only in the browser the login was begun in, once, and within ten minutes.
 * I2. The browser is sent to paths of this server only.
 */
import type * as OpenidClient from 'openid-client';
import type { AccessApp } from '../../app/access-app.ts';
import { openSession } from '../../app/access-sessions.ts';
import { ensureExternalUser } from '../../app/access-users.ts';
import { ProductError } from '../../base/errors.ts';
import type { OidcConfig } from './auth-config.ts';
import type { Caller } from './caller.ts';
import { userOfClaims } from './oidc-claims.ts';
import { loginCookie, readLoginCookie, removeLoginCookie, safeReturnPath } from './oidc-cookie.ts';
import { withSessionCookie } from './session-handlers.ts';

export interface OidcLogin {
  /** Sends the browser to the provider. */
  start(caller: Caller, returnTo: string): Promise<Response>;
  /** Takes the provider's answer: opens a session and sends the browser on to where it wanted to go. */
  finish(request: Request, caller: Caller): Promise<Response>;
  /** Where to log out at the provider; undefined if it cannot. */
  logoutUrl(caller: Caller): Promise<string | undefined>;
}

export const OIDC_PATH = '/apis/pipewright/v1/login/oidc';
const TIMEOUT_SECONDS = 10;

interface Provider {
  readonly client: typeof OpenidClient;
  readonly configuration: OpenidClient.Configuration;
}

export function oidcLogin(app: AccessApp, config: OidcConfig): OidcLogin {
  let known: Promise<Provider> | undefined;
  const provider = (): Promise<Provider> => {
    known ??= discover(config).catch((error: unknown) => {
      // Asked again next time: the provider may be starting, too.
      known = undefined;
      throw explained(config, error);
    });
    return known;
  };
  return {
    start: async (caller, returnTo) => await start(await provider(), config, { caller, returnTo: safeReturnPath(returnTo) }),
    finish: async (request, caller) => await finish(app, config, { provider, request, caller }),
    async logoutUrl({ origin }) {
      const { client, configuration } = await provider();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: `${origin.ownOrigin}/` }).href;
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<Provider> {
  const client = await import('openid-client');
  const server = new URL(issuer);
  const configuration = await client.discovery(
    server,
    clientId,
    clientSecret ?? undefined,
    clientSecret === null ? client.None() : undefined,
    // The configuration allows http for a provider on this machine only.
    { execute: server.protocol === 'http:' ? [client.allowInsecureRequests] : [], timeout: TIMEOUT_SECONDS },
  );
  // The signature of ID tokens is checked, although they come from the provider itself over TLS.
  client.enableNonRepudiationChecks(configuration);
  return { client, configuration };
}

async function start(
  { client, configuration }: Provider,
  config: OidcConfig,
  { caller, returnTo }: { readonly caller: Caller; readonly returnTo: string },
): Promise<Response> {
  const attempt = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    returnTo,
  };
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: `${caller.origin.ownOrigin}${OIDC_PATH}/callback`,
    scope: config.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
  });
  return redirect(url.href, loginCookie(attempt, caller.origin));
}

interface Answer {
  readonly provider: () => Promise<Provider>;
  readonly request: Request;
  readonly caller: Caller;
}

async function finish(app: AccessApp, config: OidcConfig, { provider, request, caller }: Answer): Promise<Response> {
  const { search, searchParams } = new URL(request.url);
  const state = searchParams.get('state') ?? '';
  const attempt = readLoginCookie(request.headers, state);
  if (!attempt) {
    throw new ProductError('UNAUTHENTICATED', 'this login was not begun in this browser, or took too long', {
      hint: `begin again at ${OIDC_PATH}`,
    });
  }
  const { client, configuration } = await provider();
  try {
    const current = new URL(`${caller.origin.ownOrigin}${OIDC_PATH}/callback${search}`);
    const checks = { pkceCodeVerifier: attempt.verifier, expectedState: attempt.state, expectedNonce: attempt.nonce };
    const tokens = await client.authorizationCodeGrant(configuration, current, { ...checks, idTokenExpected: true });
    const claims = tokens.claims()!;
    const hasAll = config.groupClaim in claims && (config.userClaim ?? 'preferred_username') in claims;
    const canAsk = configuration.serverMetadata().userinfo_endpoint !== undefined;
    // Many providers put into the ID token only who it is about, and tell the rest when asked.
    const more = hasAll || !canAsk ? {} : await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    const user = await ensureExternalUser(app, userOfClaims({ ...more, ...claims }, config));
    const { secret, expiresAtMs } = await openSession(app, user, 'oidc');
    caller.note({ userName: user.name, via: 'login' });
    const response = redirect(attempt.returnTo, removeLoginCookie(attempt, caller.origin));
    return withSessionCookie(response, secret, { app, caller, expiresAtMs });
  } catch (error) {
    throw error instanceof ProductError ? error : explained(config, error);
  }
}

/** What can be done about a provider that does not answer, or whose answer is not taken. */
function explained({ issuer }: OidcConfig, error: unknown): ProductError {
  const { code, name, error: refusal, error_description: detail, message } = error as Readonly<Record<string, unknown>>;
  if (typeof refusal === 'string') {
    const text = typeof detail === 'string' ? `${refusal}: ${detail}` : refusal;
    return new ProductError('UNAUTHENTICATED', `the provider refused the login: ${text.slice(0, 300)}`, {
      hint: 'try again, or ask who runs the provider',
      cause: error,
    });
  }
  const isUnreachable = name === 'TypeError' || name === 'TimeoutError' || code === 'OAUTH_TIMEOUT';
  const reason = typeof message === 'string' ? message : 'no reason is given';
  const text = `the login at ${issuer} failed: ${reason.slice(0, 300)}`;
  return new ProductError(isUnreachable ? 'UNAVAILABLE' : 'UNAUTHENTICATED', text, {
    hint: 'check --oidc-issuer, id and secret, and that this server reaches the provider',
    cause: error,
  });
}

function redirect(location: string, cookie: string): Response {
  const headers = { location, 'cache-control': 'no-store', 'set-cookie': cookie };
  return new Response(null, { status: 302, headers });
}
