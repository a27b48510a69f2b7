import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { ProductError } from '../../base/errors.ts';
import { EXIT } from '../command-error.ts';
import { accessClient } from '../server/access-client.ts';
import { openSession, type ServerOptions } from '../server/session.ts';
import { storedToken, storeToken } from '../server/token-file.ts';

export interface LoginOptions extends ServerOptions {
  readonly username: string;
  readonly passwordStdin?: true;
}

/**
 * `pipewright login`: proves who one is once, and keeps an API token for the commands to come. With `--token` that one is kept, which
 * is the way for servers with OpenID Connect.
 */
export async function login(options: LoginOptions): Promise<number> {
  const { connection } = openSession(options);
  const { endpoint } = connection;
  const given = options.token;
  const access = accessClient({ endpoint, ...(given === undefined ? {} : { token: given }) });
  const session = await access.call('Session_Get', {});
  if (!session.is_login_required) {
    process.stderr.write(`${endpoint} asks for no login\n`);
    return EXIT.ok;
  }
  if (given !== undefined) {
    if (!session.is_signed_in) throw new ProductError('UNAUTHENTICATED', `${endpoint} does not know this token`);
    return kept(endpoint, { token: given, user: session.user_name });
  }
  if (!session.login_methods?.includes('password'))
    throw new ProductError('UNSUPPORTED', `${endpoint} has no login with a password`, {
      hint: `Log in at ${endpoint} in a browser, make an API token there, then: pipewright login --token TOKEN`,
    });
  const { username } = options;
  const password = await readPassword(`Password of ${username} at ${endpoint}: `, options);
  const cookie = await openLogin(access, { username, password });
  const body = { name: `pipewright command line, ${userInfo().username}@${hostname()}` };
  const made = await access.call('ApiToken_Create', { body, headers: { cookie } });
  await access.open('Session_Delete', { headers: { cookie, 'x-requested-with': 'pipewright' } });
  return kept(endpoint, { token: made.token!, tokenId: made.token_id!, user: username });
}

function kept(
  endpoint: string,
  { user, ...token }: { readonly token: string; readonly tokenId?: string; readonly user: string | undefined },
): number {
  const file = storeToken(endpoint, token);
  process.stderr.write(`logged in at ${endpoint} as ${user ?? 'unknown'}; the token is kept in ${file}\n`);
  return EXIT.ok;
}

/** `pipewright logout`: revokes the kept token and forgets it. */
export async function logout(options: ServerOptions): Promise<number> {
  const { endpoint } = openSession(options).connection;
  const token = storedToken(endpoint);
  if (!token) {
    process.stderr.write(`not logged in at ${endpoint}\n`);
    return EXIT.ok;
  }
  // Forgotten whatever the server says: it may be gone, or have revoked it already.
  storeToken(endpoint, undefined);
  if (token.tokenId !== undefined) {
    const access = accessClient({ endpoint, token: token.token });
    await access.call('ApiToken_Delete', { params: { token_id: token.tokenId } }).catch((error: unknown) => {
      if (!(error instanceof ProductError)) throw error;
      process.stderr.write(`the token could not be revoked: ${error.message}\n`);
    });
  }
  process.stderr.write(`logged out at ${endpoint}\n`);
  return EXIT.ok;
}

/** The cookie of a new session. */
async function openLogin(
  access: ReturnType<typeof accessClient>,
  body: { readonly username: string; readonly password: string },
): Promise<string> {
  if (body.password === '') throw new ProductError('INVALID_USAGE', 'the password is empty');
  const response = await access.open('Session_Create', { body }).catch((error: unknown) => {
    // Whoever is logging in need not be told to.
    if (error instanceof ProductError && error.code === 'UNAUTHENTICATED')
      throw new ProductError(error.code, error.message, { cause: error });
    throw error;
  });
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
  return cookies.join('; ');
}

/** From the environment, from stdin where that is no terminal, or typed unseen. */
async function readPassword(question: string, options: LoginOptions): Promise<string> {
  const fromEnvironment = process.env['PIPEWRIGHT_PASSWORD'];
  if (fromEnvironment) return fromEnvironment;
  if (options.passwordStdin || !process.stdin.isTTY) return (await readAll(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
