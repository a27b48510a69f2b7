/** The platform with its HTTP server: everything `pipewright up` starts. */
import { type App, createApp } from './app/app.ts';
import { defaultExperimentId } from './app/experiments.ts';
import { type RecurringScheduler, startRecurringScheduler } from './app/recurring-scheduler.ts';
import type { CanceledAs } from './app/reported-state.ts';
import { startRetention } from './app/retention.ts';
import type { RetentionPolicies } from './app/retention-policy.ts';
import { addSamples } from './app/samples.ts';
import { systemClock } from './base/clock.ts';
import { systemIds } from './base/ids.ts';
import { systemSecrets } from './base/secret-source.ts';
import { VERSION } from './base/version.ts';
import { type AuthConfig, isAuthOn, readAuthConfig } from './server/auth/auth-config.ts';
import { checkBind } from './server/auth/check-bind.ts';
import { openAuth } from './server/auth/open-auth.ts';
import { dialects } from './server/dialects.ts';
import { closeServer, listen, urlOf } from './server/listen.ts';
import type { Logger } from './server/log/logger.ts';
import { createMetrics } from './server/metrics/metrics.ts';
import { createServer } from './server/server.ts';
import { openPlatform, type Platform, type PlatformOptions } from './start.ts';

export interface ServeOptions extends Omit<PlatformOptions, 'timings'> {
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
  /** Which runs go when; default: none ever. */
  readonly retention?: RetentionPolicies;
  /** Folder of component files that are served at /components/. */
  readonly componentsDir?: string;
  /** Folder of sample pipelines that are uploaded once; default: none are. */
  readonly samplesDir?: string;
  /** Where requests and events are logged; default: nowhere. */
  readonly logger?: Logger;
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

/** Resolves when requests are answered. Throws CONFLICT if the port or the data folder is in use. */
export async function openServer(options: ServeOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port, onError, auth: authConfig = readAuthConfig({}, {}) } = options;
  await checkBind({ host, isAuthOn: isAuthOn(authConfig) });
  const metrics = createMetrics();
  const platform = await openPlatform({ ...options, timings: metrics.timings });
  // What was started last ends first.
  const parts = new AsyncDisposableStack();
  parts.use(platform);
  parts.use(metrics);
  try {
    const { app, scheduler } = await openApp(platform, options);
    parts.use(scheduler);
    if (options.retention) parts.use(retentionOf(app, options.retention, options));
    await metrics.watch(app);
    const auth = parts.use(
      openAuth({
        // A name of this machine that is listened on is one to be asked by.
        config: { ...authConfig, allowedHosts: [...authConfig.allowedHosts, host.toLowerCase()] },
        access: platform.access(),
        clock: systemClock,
        ids: systemIds,
        secrets: systemSecrets,
      }),
    );
    const leaving = new AbortController();
    const hono = createServer({
      ...options,
      app,
      dialects: dialects({ leaving: leaving.signal, version: VERSION, auth }),
      auth,
      metrics,
      onBug: (error, { method, path }) => onError(error, `${method} ${path}`),
    });
    const server = await listen((request, connection) => hono.fetch(request, connection), { host, port });
    parts.defer(() => closeServer(server));
    parts.defer(() => leaving.abort());
    return {
      platform,
      url: urlOf(server, host),
      close: () => parts.disposeAsync(),
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

async function openApp(
  platform: Platform,
  options: ServeOptions,
): Promise<{ readonly app: App; readonly scheduler: RecurringScheduler }> {
  const { store, engine, artifacts, executor, ids, dataDir } = platform;
  let poke = () => {};
  const app = createApp({
    store,
    catalogue: platform.catalogue(),
    retention: platform.retention(),
    engine,
    artifacts,
    executor,
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
    leases: platform.leases,
    onError: (error) => options.onError(error, 'starting recurring runs'),
  });
  poke = () => scheduler.poke();
  return { app, scheduler };
}

function retentionOf(app: App, policies: RetentionPolicies, { logger, onError }: ServeOptions): AsyncDisposable {
  return startRetention(
    { ...app, settled: () => app.engine.settled() },
    {
      policies,
      clock: systemClock,
      onSwept: (swept) => logger?.info({ ...swept }, 'old runs were removed'),
      onError: (error) => onError(error, 'removing old runs'),
    },
  );
}
