/** The platform with its HTTP server: everything `pipewright up` starts. */
import type { Server } from 'node:http';
import { type HttpBindings, serve } from '@hono/node-server';
import { createApp } from './app/app.ts';
import { defaultExperimentId } from './app/experiments.ts';
import { startRecurringScheduler } from './app/recurring-scheduler.ts';
import { addSamples } from './app/samples.ts';
import type { CanceledAs } from './app/reported-state.ts';
import { systemClock } from './base/clock.ts';
import { ProductError } from './base/errors.ts';
import { systemIds } from './base/ids.ts';
import { systemSecrets } from './base/secret-source.ts';
import { type AuthConfig, isAuthOn, readAuthConfig } from './server/auth/auth-config.ts';
import { checkBind } from './server/auth/check-bind.ts';
import { openAuth } from './server/auth/open-auth.ts';
import { dialects } from './server/dialects.ts';
import { createServer } from './server/server.ts';
import { VERSION } from './base/version.ts';
import { openPlatform, type Platform, type PlatformOptions } from './start.ts';

export interface ServeOptions extends PlatformOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port: number;
  /** Folder of the built dashboard; without it there is only the API. */
  readonly webDir?: string;
  readonly canceledAs?: CanceledAs;
  /** Time zone of cron expressions; default UTC. */
  readonly timeZone?: string;
  /** Origins that pipelines may be fetched from on request. */
  readonly pipelineOrigins?: readonly string[];
  /** Default: no login, and only this machine is answered. */
  readonly auth?: AuthConfig;
  /** Folder of component files that are served at /components/. */
  readonly componentsDir?: string;
  /** Folder of sample pipelines that are uploaded once; default: none are. */
  readonly samplesDir?: string;
  /** Told of errors that no user can act on. */
  readonly onError: (error: unknown, doing: string) => void;
}

export interface RunningServer extends AsyncDisposable {
  readonly platform: Platform;
  /** `http://127.0.0.1:8888` */
  readonly url: string;
  /** Answers what has been asked, then stops; running steps go on and are adopted by the next server. */
  close(): Promise<void>;
}

/** How long answers that are under way may take when the server stops. */
const GRACE_MS = 3_000;

/** Resolves when requests are answered. Throws CONFLICT if the port or the data folder is in use. */
export async function openServer(options: ServeOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port, onError, auth: authConfig = readAuthConfig({}, {}) } = options;
  await checkBind({ host, isAuthOn: isAuthOn(authConfig) });
  const platform = await openPlatform(options);
  try {
    const { store, engine, artifacts, ids, dataDir } = platform;
    let poke = () => {};
    const app = createApp({
      store,
      catalogue: platform.catalogue(),
      engine,
      artifacts,
      executor: platform.executor,
      version: VERSION,
      startedAtMs: systemClock.now(),
      timeZone: options.timeZone ?? 'UTC',
      clock: systemClock,
      ids,
      dataDir,
      pipelineOrigins: options.pipelineOrigins ?? [],
      recurringChanged: () => poke(),
    });
    await app.catalogue.adoptRuns(await defaultExperimentId(app));
    if (options.samplesDir !== undefined) await addSamples(app, options.samplesDir);
    const scheduler = startRecurringScheduler(app, {
      timeZone: app.timeZone,
      onError: (error) => onError(error, 'starting recurring runs'),
    });
    poke = () => scheduler.poke();
    const auth = openAuth({
      // A name of this machine that is listened on is one to be asked by.
      config: { ...authConfig, allowedHosts: [...authConfig.allowedHosts, host.toLowerCase()] },
      access: platform.access(),
      clock: systemClock,
      ids: systemIds,
      secrets: systemSecrets,
    });
    const leaving = new AbortController();
    const hono = createServer({
      app,
      dialects: dialects({ leaving: leaving.signal, version: VERSION, auth }),
      auth,
      ...(options.canceledAs === undefined ? {} : { canceledAs: options.canceledAs }),
      ...(options.componentsDir === undefined ? {} : { componentsDir: options.componentsDir }),
      ...(options.webDir === undefined ? {} : { webDir: options.webDir }),
      onBug: (error, { method, path }) => onError(error, `${method} ${path}`),
    });
    const server = await listen((request, connection) => hono.fetch(request, connection), { host, port });
    const close = async () => {
      leaving.abort();
      await scheduler[Symbol.asyncDispose]();
      await closeServer(server);
      await auth[Symbol.asyncDispose]();
      await platform.close();
    };
    return { platform, url: urlOf(server, host), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await platform.close();
    throw error;
  }
}

function listen(
  // The connection knows the address of the client.
  fetch: (request: Request, connection: HttpBindings) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const server = serve(
    {
      fetch: (request, connection) => fetch(request, connection as HttpBindings),
      hostname: host,
      port,
      overrideGlobalObjects: false,
    },
    () => resolve(server),
  ) as Server;
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') return reject(error);
    const hint = 'choose another with --port, or stop the server that uses it';
    reject(new ProductError('CONFLICT', `port ${port} of ${host} is in use`, { hint }));
  });
  return promise;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(timer);
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
