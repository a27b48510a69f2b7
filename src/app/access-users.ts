import { ProductError } from '../base/errors.ts';
import type { UserRow } from '../store/access-store.ts';
import type { AccessApp } from './access-app.ts';
import { accessPage, type AccessListReply, type AccessListRequest } from './access-list.ts';
import { checkPassword, hashPassword, SALT_BYTES, verifyPassword } from './access-passwords.ts';

/** Who `--auth-password` lets in. */
export const BUILT_IN_ADMIN = 'admin';

/** Letters and digits of any script, and what is in addresses, service accounts and subjects of providers. */
const USER_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+:|=~-]{0,127}$/u;
const MAX_GROUPS = 200;
const MAX_GROUP_LENGTH = 256;

/** Throws INVALID_USAGE or ALREADY_EXISTS. */
export async function createUser(
  app: AccessApp,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<UserRow> {
  checkUserName(name);
  if (name === BUILT_IN_ADMIN) {
    throw new ProductError('ALREADY_EXISTS', 'the user admin is the one of --auth-password', { hint: 'choose another name' });
  }
  checkPassword(password);
  const passwordHash = await freshHash(app, password);
  return await insert(app, { name, origin: 'password', externalId: null, passwordHash, groups: [] });
}

export async function getUser({ access }: AccessApp, name: string): Promise<UserRow> {
  const user = isUserName(name) ? await access.getUser(name) : undefined;
  if (!user) throw new ProductError('NOT_FOUND', `User ${name} not found`);
  return user;
}

export function listUsers({ access }: AccessApp, request: AccessListRequest): Promise<AccessListReply<UserRow>> {
  return accessPage(request, (query) => access.listUsers(query));
}

/** By an administrator. Whoever is logged in as this user is no more; tokens stay. */
export async function setPassword(app: AccessApp, name: string, password: string): Promise<UserRow> {
  const user = await getUser(app, name);
  requireOwnPassword(user);
  checkPassword(password);
  await app.access.updateUser(name, { passwordHash: await freshHash(app, password) });
  await app.access.deleteSessionsOf(name);
  return user;
}

/** By the user. Throws FORBIDDEN if the old password is wrong. Ends all sessions of the user. */
export async function changeOwnPassword(
  app: AccessApp,
  name: string,
  { oldPassword, newPassword }: { readonly oldPassword: string; readonly newPassword: string },
): Promise<void> {
  const user = await getUser(app, name);
  requireOwnPassword(user);
  if (!(await verifyPassword(oldPassword, user.passwordHash, app.passwordCost))) {
    throw new ProductError('FORBIDDEN', 'the old password is wrong');
  }
  await setPassword(app, name, newPassword);
}

/** With sessions, tokens and roles. */
export async function deleteUser(app: AccessApp, name: string): Promise<void> {
  const user = await getUser(app, name);
  if (user.origin === 'built-in') {
    throw new ProductError('FAILED_PRECONDITION', 'the administrator of --auth-password cannot be deleted', {
      hint: 'start the server without --auth-password to do without',
    });
  }
  await app.access.deleteUser(name);
}

/**
 * The administrator has the password the server was started with. Another one than at the last start ends the sessions; tokens
 * stay, as with every change of a password.
 */
export async function ensureBuiltInAdmin(app: AccessApp, password: string): Promise<void> {
  const user = await app.access.getUser(BUILT_IN_ADMIN);
  if (user && (await verifyPassword(password, user.passwordHash, app.passwordCost))) return;
  const passwordHash = await freshHash(app, password);
  if (user) {
    await app.access.updateUser(BUILT_IN_ADMIN, { passwordHash });
    await app.access.deleteSessionsOf(BUILT_IN_ADMIN);
    return;
  }
  try {
    await insert(app, { name: BUILT_IN_ADMIN, origin: 'built-in', externalId: null, passwordHash, groups: [] });
  } catch (error) {
    // Another server on the same database was first.
    if (!(error instanceof ProductError) || error.code !== 'ALREADY_EXISTS') throw error;
    await ensureBuiltInAdmin(app, password);
  }
}

export interface ExternalUser {
  readonly origin: 'oidc' | 'header';
  readonly externalId: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * The user a provider or proxy speaks of, made when first seen. It is known by its external id: a user who takes another's name at
 * the provider does not become that user. Throws FORBIDDEN if the name belongs to someone else.
 */
export async function ensureExternalUser(app: AccessApp, { origin, externalId, name, groups }: ExternalUser): Promise<UserRow> {
  const bounded = groups.filter((group) => group.length <= MAX_GROUP_LENGTH).slice(0, MAX_GROUPS);
  const known = await app.access.findExternalUser(externalId);
  if (known) {
    if (JSON.stringify(known.groups) !== JSON.stringify(bounded)) await app.access.updateUser(known.name, { groups: bounded });
    return { ...known, groups: bounded };
  }
  checkUserName(name);
  try {
    if (name === BUILT_IN_ADMIN) throw new ProductError('ALREADY_EXISTS', 'reserved');
    return await insert(app, { name, origin, externalId, passwordHash: null, groups: bounded });
  } catch (error) {
    if (!(error instanceof ProductError) || error.code !== 'ALREADY_EXISTS') throw error;
    // Two first requests at once: the other one has made the user.
    const made = await app.access.findExternalUser(externalId);
    if (made) return made;
    throw new ProductError('FORBIDDEN', `the name ${name} belongs to another user of this server`, {
      hint: 'an administrator can delete that user, or have names taken from another claim (--oidc-user-claim)',
      cause: error,
    });
  }
}

function requireOwnPassword({ name, origin }: UserRow): void {
  if (origin === 'password') return;
  const where = origin === 'built-in' ? 'is the one the server is started with (--auth-password)' : 'is kept elsewhere';
  throw new ProductError('FAILED_PRECONDITION', `the password of ${name} ${where}`);
}

export const isUserName = (name: string): boolean => USER_NAME.test(name) && name === name.normalize('NFC');

export function checkUserName(name: string): void {
  if (isUserName(name)) return;
  throw new ProductError('INVALID_USAGE', `${JSON.stringify(name.slice(0, 200))} cannot be the name of a user`, {
    hint: 'a name has 1 to 128 letters, digits and . _ @ + : | = ~ -, and begins with a letter or digit',
  });
}

const freshHash = ({ secrets, passwordCost }: AccessApp, password: string): Promise<string> =>
  hashPassword(password, secrets.secret(SALT_BYTES), passwordCost);

async function insert({ access, clock }: AccessApp, user: Omit<UserRow, 'createdAtMs'>): Promise<UserRow> {
  const row = { ...user, createdAtMs: clock.now() };
  await access.insertUser(row);
  return row;
}
