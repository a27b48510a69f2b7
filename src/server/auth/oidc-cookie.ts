import type { RequestOrigin } from './request-origin.ts';
import { readCookie, setCookie } from './session-cookie.ts';

/** What has to be known when the provider's answer comes; kept in the browser, so that any server can take the answer. */
export interface LoginAttempt {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE: the provider has its hash. */
  readonly verifier: string;
  readonly returnTo: string;
}

const PATH = '/apis/pipewright/v1/login';
const MAX_AGE_SECONDS = 600;
const MAX_PATH_LENGTH = 1_500;

/** One cookie for each login, so that two tabs do not disturb each other. */
const cookieName = (state: string): string => `pipewright_login_${state.replace(/[^\w-]/g, '').slice(0, 10)}`;

export function loginCookie(attempt: LoginAttempt, { isSecure }: Pick<RequestOrigin, 'isSecure'>): string {
  const value = Buffer.from(JSON.stringify(attempt)).toString('base64url');
  return setCookie(cookieName(attempt.state), value, { isSecure, maxAgeSeconds: MAX_AGE_SECONDS, path: PATH });
}

export function removeLoginCookie({ state }: LoginAttempt, { isSecure }: Pick<RequestOrigin, 'isSecure'>): string {
  return setCookie(cookieName(state), '', { isSecure, maxAgeSeconds: 0, path: PATH });
}

/** Undefined if the login with this state was not begun in this browser. */
export function readLoginCookie(headers: Headers, state: string): LoginAttempt | undefined {
  const value = readCookie(headers, cookieName(state));
  if (value === undefined) return undefined;
  try {
    const {
      state: own,
      nonce,
      verifier,
      returnTo,
    } = JSON.parse(Buffer.from(value, 'base64url').toString()) as Record<string, unknown>;
    const isWhole = [own, nonce, verifier, returnTo].every((part) => typeof part === 'string');
    if (!isWhole || own !== state) return undefined;
    return { state, nonce: nonce as string, verifier: verifier as string, returnTo: safeReturnPath(returnTo as string) };
  } catch {
    return undefined;
  }
}

/**
 * The path a browser may be sent to after a login: one of this server, with query and fragment. Anything else, such as `//host`,
 * `/\host` or a whole URL, becomes the start page.
 */
export function safeReturnPath(path: string): string {
  const base = 'http://own.invalid';
  const isPath = /^\/(?![/\\])/.test(path) && !/[\\\p{C}]/u.test(path) && path.length <= MAX_PATH_LENGTH;
  const url = isPath ? URL.parse(path, base) : null;
  if (url?.origin !== base) return '/';
  const found = `${url.pathname}${url.search}${url.hash}`;
  return found.startsWith('//') ? '/' : found;
}
