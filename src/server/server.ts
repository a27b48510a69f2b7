/**
 * The HTTP server: all dialects of the API, the dashboard, and the paths the stock KFP frontend asks its own server for.
 *
 * Owns: finding the operation of a request, letting it in, answering errors. Doesn't own: what operations do (handlers over app/),
 * what messages look like (api/), who may do what (auth/).
 */
import { Hono, type Context as HonoContext } from 'hono';
import { routeMatcher } from '../api/match-route.ts';
import type { Route } from '../api/route.ts';
import type { App } from '../app/app.ts';
import { systemIds } from '../base/ids.ts';
import type { CanceledAs } from '../app/reported-state.ts';
import type { AuthEnv, Caller } from './auth/caller.ts';
import { requireAccess } from './auth/gate.ts';
import { guardedNamespaces } from './auth/guarded-namespaces.ts';
import type { Auth } from './auth/open-auth.ts';
import { CATALOGUE_PATH, componentCatalogue } from './component-catalogue.ts';
import { type Context, SINGLE_USER } from './context.ts';
import { answer, jsonReply, type Dialect, type RawCall } from './dialect.ts';
import {
  type ErrorReply,
  errorReply,
  MALFORMED_PATH_REPLY,
  NOT_FOUND_REPLY,
  plainErrorReply,
  WRONG_METHOD_REPLY,
} from './error-reply.ts';
import { type Logger, SILENT } from './log/logger.ts';
import type { Metrics } from './metrics/metrics.ts';
import { metricsHandler, observeRequests } from './observe-requests.ts';
import { resourceNamespace } from './resource-namespace.ts';
import { secureHeaders } from './secure-headers.ts';
import { staticFiles } from './static-files.ts';

export interface ServerOptions {
  readonly app: App;
  readonly dialects: readonly Dialect[];
  /** Who asks, and what they may do. Namespaces are told apart only where there is a login. */
  readonly auth: Pick<Auth, 'isOn' | 'middleware' | 'gate'>;
  readonly metrics: Metrics;
  /** Where requests are logged; default: nowhere. */
  readonly logger?: Logger;
  readonly canceledAs?: CanceledAs;
  /** Folder of component files that are served at /components/. */
  readonly componentsDir?: string;
  /** Folder of the built dashboard. */
  readonly webDir?: string;
  /** Told of what is not a ProductError. */
  readonly onBug: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
}

export function createServer(options: ServerOptions): Hono<AuthEnv> {
  const { app, dialects, auth, canceledAs = 'FAILED' } = options;
  const contextOf = (caller: Caller, { access }: Route): Context => {
    const namespaces = auth.isOn ? guardedNamespaces(caller.principal, access) : SINGLE_USER;
    return { app, canceledAs, namespaces, caller };
  };
  const match = routeMatcher(dialects.map(({ routes }) => routes));
  const dialectOf = new Map(dialects.flatMap((dialect) => Object.keys(dialect.routes).map((id) => [id, dialect] as const)));
  const dialectFor = (route: Route, id: string): Dialect =>
    dialects.find((dialect) => dialect.routes[id] === route) ?? dialectOf.get(id)!;

  const dispatch = async (request: HonoContext<AuthEnv>): Promise<Response> => {
    const { method, path, search } = targetOf(request.req.raw);
    const found = match(method, path);
    if (found.kind === 'none') return send(NOT_FOUND_REPLY);
    if (found.kind === 'method') return send(WRONG_METHOD_REPLY);
    if (found.kind === 'malformed') return send(MALFORMED_PATH_REPLY);
    const { id, route, params } = found;
    request.set('routeId', id);
    const call: RawCall = { id, route, params, request: request.req.raw, search };
    try {
      await auth.gate(request, route, () => resourceNamespace(app, call));
      return await answer(dialectFor(route, id), call, contextOf(request.get('caller'), route));
    } catch (error) {
      const isPlain = route.form === 'upload' || route.form === 'raw';
      const doing = `Failed to call ${id}`;
      const reply = isPlain ? plainErrorReply(error, doing) : errorReply(error, doing);
      if (reply.status === 500) options.onBug(error, { method, path });
      return send(reply);
    }
  };

  const server = new Hono<AuthEnv>();
  server.use(observeRequests({ metrics: options.metrics, logger: options.logger ?? SILENT, ids: systemIds }));
  server.use(secureHeaders());
  server.use(auth.middleware);
  server.get('/metrics', requireAccess('viewers:get'), metricsHandler(options.metrics, app));
  for (const path of ['/apis/*', ...FRONTEND_PATHS]) server.all(path, dispatch);
  if (options.componentsDir !== undefined) {
    const files = componentCatalogue(options.componentsDir, () => app.clock.now());
    server.get(`${CATALOGUE_PATH}*`, requireAccess('pipelines:get'), files);
  }
  if (options.webDir !== undefined) server.get('*', staticFiles(options.webDir));
  server.notFound(() => send(NOT_FOUND_REPLY));
  server.onError((error, request) => {
    const reply = errorReply(error);
    if (reply.status === 500) options.onBug(error, { method: request.req.method, path: request.req.path });
    return send(reply);
  });
  return server;
}

/** Besides the API: what KFP's frontend asks its own server for (api/frontend). */
const FRONTEND_PATHS = [
  '/artifacts/get',
  '/artifacts/:source/:bucket/*',
  '/k8s/*',
  '/visualizations/*',
  '/apps/*',
  '/system/*',
  '/ml_metadata.MetadataStoreService/*',
];

/** `/artifacts/minio/bucket/a/b` is the older spelling of `/artifacts/get?source=minio&bucket=bucket&key=a/b`. */
const OBJECT_PATH = /^\/artifacts\/(minio|s3|gcs|https?)\/([^/]+)\/(.+)$/;

/** Path and query as they were sent: names in the path are decoded only after it is taken apart. */
function targetOf(request: Request): { readonly method: string; readonly path: string; readonly search: URLSearchParams } {
  const { pathname, searchParams } = new URL(request.url);
  const object = OBJECT_PATH.exec(pathname);
  if (object) {
    const [, source, bucket, key] = object.map(decoded);
    const search = new URLSearchParams({ source: source!, bucket: bucket!, key: key! });
    return { method: request.method, path: '/artifacts/get', search };
  }
  return { method: request.method, path: pathname, search: searchParams };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function send({ status, body, retryAfterSeconds }: ErrorReply): Response {
  const reply = jsonReply(body, status);
  if (retryAfterSeconds !== undefined) reply.headers.set('retry-after', String(retryAfterSeconds));
  return reply;
}
