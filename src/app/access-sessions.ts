import { ProductError } from '../base/errors.ts';
import type { SessionRow, UserRow } from '../store/access-store.ts';
import { type AccessApp, grantsOf, hashSecret } from './access-app.ts';
import { verifyPassword } from './access-passwords.ts';
import type { Principal } from './access-principal.ts';
import { isUserName } from './access-users.ts';

/** After this a session ends, used or not. A provider is asked again sooner, since it may have taken groups away. */
export const SESSION_MS = { password: 7 * 24 * 3_600_000, oidc: 12 * 3_600_000 } as const;
const SESSION_BYTES = 32;

export interface OpenedSession {
  /** What the browser keeps; it is not kept here. */
  readonly secret: string;
  readonly expiresAtMs: number;
}

/** Throws UNAUTHENTICATED, with one text for a wrong name and a wrong password. */
export async function checkLogin(
  { access, passwordCost }: AccessApp,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<UserRow> {
  const user = isUserName(name) ? await access.getUser(name) : undefined;
  const isRight = await verifyPassword(password, user?.passwordHash ?? null, passwordCost);
  if (user && isRight) return user;
  throw new ProductError('UNAUTHENTICATED', 'the user name or the password is wrong');
}

export async function openSession(app: AccessApp, user: UserRow, method: SessionRow['method']): Promise<OpenedSession> {
  const createdAtMs = app.clock.now();
  await app.access.deleteSessionsExpiredAt(createdAtMs);
  const secret = app.secrets.secret(SESSION_BYTES);
  const expiresAtMs = createdAtMs + SESSION_MS[method];
  await app.access.insertSession({ sessionHash: hashSecret(secret), userName: user.name, method, createdAtMs, expiresAtMs });
  return { secret, expiresAtMs };
}

/** How the session was opened; undefined if there was none. */
export async function closeSession({ access }: AccessApp, secret: string): Promise<SessionRow['method'] | undefined> {
  const sessionHash = hashSecret(secret);
  const found = await access.findSession(sessionHash);
  await access.deleteSession(sessionHash);
  return found?.session.method;
}

/** Who a session belongs to, with today's rights; undefined when there is no such session or its time is over. */
export async function sessionPrincipal(app: AccessApp, secret: string): Promise<Principal | undefined> {
  const found = await app.access.findSession(hashSecret(secret));
  if (!found || found.session.expiresAtMs <= app.clock.now()) return undefined;
  const grants = await grantsOf(app, found.user, null);
  const { expiresAtMs } = found.session;
  return { kind: 'user', name: found.user.name, via: 'session', grants, roleCap: null, expiresAtMs };
}
