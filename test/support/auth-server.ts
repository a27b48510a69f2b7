import { Hono } from 'hono';
import { ACCESS_MESSAGES } from '../../src/api/native/access-messages.ts';
import { ACCESS_ROUTES } from '../../src/api/native/access-routes.ts';
import { routeMatcher } from '../../src/api/match-route.ts';
import { NATIVE_ROUTES } from '../../src/api/native/routes.ts';
import type { Routes } from '../../src/api/route.ts';
import { V1_ROUTES } from '../../src/api/v1beta1/routes.ts';
import { V2_ROUTES } from '../../src/api/v2beta1/routes.ts';
import { type AuthConfig, readAuthConfig } from '../../src/server/auth/auth-config.ts';
import type { AuthEnv } from '../../src/server/auth/caller.ts';
import { openAuth } from '../../src/server/auth/open-auth.ts';
import { answer, type Dialect, type Operations, jsonReply } from '../../src/server/dialect.ts';
import { errorReply } from '../../src/server/error-reply.ts';
import { type TestAccess, testAccess } from './access-app.ts';

export const ALL_TABLES: readonly Routes[] = [V2_ROUTES, V1_ROUTES, NATIVE_ROUTES, ACCESS_ROUTES];

export interface AuthServer extends AsyncDisposable {
  readonly app: TestAccess;
  readonly hono: Hono<AuthEnv>;
  /** From `peer`, which is this machine if it is not said otherwise. */
  send(path: string, init?: RequestInit & { readonly peer?: string }): Promise<Response>;
  /** The session cookie after a login, as it is sent. */
  logIn(username: string, password: string): Promise<string>;
}

/** All tables behind our login; operations that are not about access answer with who asked. */
export async function authServer(
  options: Readonly<Record<string, string>> = {},
  change: Partial<AuthConfig> = {},
): Promise<AuthServer> {
  const app = await testAccess();
  const config: AuthConfig = { ...readAuthConfig(options, {}), ...change };
  const auth = openAuth({
    ...app,
    config,
    peerAddress: (context) => String((context.env as { peer?: string }).peer ?? '127.0.0.1'),
  });
  const operations: Operations = {
    handlers: { ...auth.handlers },
    uploads: {},
    raw: auth.raw as unknown as Operations['raw'],
  };
  const dialect: Dialect = { routes: ACCESS_ROUTES, messages: ACCESS_MESSAGES, operations: () => operations };
  const match = routeMatcher(ALL_TABLES);
  const hono = new Hono<AuthEnv>();
  hono.use(auth.middleware);
  hono.all('/apis/*', async (context) => {
    const { pathname, searchParams: search } = new URL(context.req.url);
    const found = match(context.req.method, pathname);
    if (found.kind !== 'route') return jsonReply({}, 404);
    context.set('routeId', found.id);
    await auth.gate(context, found.route, async () => search.get('namespace') ?? '');
    const caller = context.get('caller');
    if (!Object.hasOwn(ACCESS_ROUTES, found.id)) return jsonReply({ reached: found.id, user: caller.principal.name });
    const { id, route, params } = found;
    return await answer(dialect, { id, route, params, request: context.req.raw, search }, { caller } as never);
  });
  hono.get('/', (context) => context.text('a page'));
  hono.onError((error) => {
    const { status, body } = errorReply(error);
    return jsonReply(status === 500 ? { ...body, bug: String(error.stack) } : body, status);
  });
  const send: AuthServer['send'] = async (path, { peer, ...init } = {}) => {
    const url = path.startsWith('http') ? path : `http://localhost:8888${path}`;
    return await hono.request(url, init, peer === undefined ? {} : { peer });
  };
  const logIn = async (username: string, password: string): Promise<string> => {
    const response = await send('/apis/pipewright/v1/session', { method: 'POST', body: JSON.stringify({ username, password }) });
    return response.headers.get('set-cookie')?.split(';')[0] ?? `refused with ${response.status}`;
  };
  const close = async (): Promise<void> => {
    await auth[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  };
  return { app, hono, send, logIn, [Symbol.asyncDispose]: close };
}

export const json = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>;
