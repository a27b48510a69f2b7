import { ProductError } from '../base/errors.ts';
import type { ApiTokenRow, Role } from '../store/access-store.ts';
import { type AccessApp, grantsOf, hashSecret } from './access-app.ts';
import { accessPage, type AccessListReply, type AccessListRequest, isId } from './access-list.ts';
import { authorize, lesserRole, type Principal } from './access-principal.ts';
import { checkRole } from './access-roles.ts';
import { checkUserName } from './access-users.ts';

/** Tells our tokens from others', also to those who look for secrets in code. */
export const TOKEN_PREFIX = 'pw_';
const TOKEN_BYTES = 32;
const MAX_NAME_LENGTH = 128;
const MAX_TOKENS_OF_A_USER = 100;
/** Last use is written at most this often. */
const USE_RECORDED_MS = 60_000;

export interface NewToken {
  readonly name: string;
  readonly roleCap?: string | undefined;
  readonly expiresAtMs?: number | undefined;
}

/** The token itself is given this once. A token made with another one can do no more and lasts no longer than that. */
export async function createToken(
  app: AccessApp,
  principal: Principal,
  { name, roleCap = '', expiresAtMs }: NewToken,
): Promise<{ readonly row: ApiTokenRow; readonly token: string }> {
  requireOwner(principal);
  const createdAtMs = app.clock.now();
  if (name.trim() === '' || name.length > MAX_NAME_LENGTH || /\p{C}/u.test(name)) {
    throw new ProductError('INVALID_USAGE', `a token has a name of 1 to ${MAX_NAME_LENGTH} characters that says what it is for`);
  }
  if (expiresAtMs !== undefined && expiresAtMs <= createdAtMs) {
    throw new ProductError('INVALID_USAGE', 'the token would have expired already', { hint: 'choose a time to come' });
  }
  if ((await app.access.countTokens(principal.name)) >= MAX_TOKENS_OF_A_USER) {
    throw new ProductError('FAILED_PRECONDITION', `a user has at most ${MAX_TOKENS_OF_A_USER} tokens`, {
      hint: 'delete those that are no longer used',
    });
  }
  const token = `${TOKEN_PREFIX}${app.secrets.secret(TOKEN_BYTES)}`;
  const row: ApiTokenRow = {
    tokenId: app.ids.uuid(),
    userName: principal.name,
    name,
    tokenHash: hashSecret(token),
    roleCap: capOf(roleCap === '' ? null : checkRole(roleCap), principal),
    createdAtMs,
    expiresAtMs: expiryOf(expiresAtMs ?? null, principal),
    lastUsedAtMs: null,
  };
  await app.access.insertToken(row);
  return { row, token };
}

function requireOwner(principal: Principal): void {
  if (principal.kind === 'user') return;
  throw new ProductError('FAILED_PRECONDITION', 'this server has no login, and asks for no tokens', {
    hint: 'start it with --auth-password to have users and tokens',
  });
}

const capOf = (wanted: Role | null, { roleCap }: Principal): Role | null =>
  wanted === null ? roleCap : lesserRole(wanted, roleCap);

/** A session ends, and what was made in it stays; a token does not outlive the one it was made with. */
function expiryOf(wanted: number | null, { via, expiresAtMs }: Principal): number | null {
  if (via === 'session' || expiresAtMs === null) return wanted;
  return Math.min(wanted ?? expiresAtMs, expiresAtMs);
}

/** One's own tokens; those of another user, or with `*` of all, for administrators. */
export async function listTokens(
  { access }: AccessApp,
  principal: Principal,
  request: AccessListRequest & { readonly userName?: string | undefined },
): Promise<AccessListReply<ApiTokenRow>> {
  const userName = request.userName || principal.name;
  if (userName !== principal.name && !mayManageOthers(principal)) {
    throw new ProductError('FORBIDDEN', 'tokens of others are shown to administrators only');
  }
  if (userName !== '*') checkUserName(userName);
  return await accessPage(request, (query) => access.listTokens(userName === '*' ? query : { ...query, userName }));
}

/** One's own token, or for administrators anyone's; to others it is not there. */
export async function deleteToken({ access }: AccessApp, principal: Principal, tokenId: string): Promise<void> {
  const row = isId(tokenId) ? await access.getToken(tokenId) : undefined;
  if (!row || (row.userName !== principal.name && !mayManageOthers(principal))) {
    throw new ProductError('NOT_FOUND', `Token ${tokenId} not found`);
  }
  await access.deleteToken(tokenId);
}

const mayManageOthers = (principal: Principal): boolean => authorize(principal, 'users:update').kind === 'allowed';

/** Who a token belongs to, with today's rights within its cap; undefined when there is no such token or its time is over. */
export async function tokenPrincipal(app: AccessApp, token: string): Promise<Principal | undefined> {
  const found = await app.access.findToken(hashSecret(token));
  const now = app.clock.now();
  if (!found || (found.token.expiresAtMs !== null && found.token.expiresAtMs <= now)) return undefined;
  const { tokenId, name, roleCap, expiresAtMs, lastUsedAtMs } = found.token;
  if (lastUsedAtMs === null || now - lastUsedAtMs >= USE_RECORDED_MS) await app.access.recordTokenUse(tokenId, now);
  const grants = await grantsOf(app, found.user, roleCap);
  return { kind: 'user', name: found.user.name, via: `token ${name}`, grants, roleCap, expiresAtMs };
}
