import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../command-error.ts';
import type { ExecutorName } from '../../start.ts';
import type { PlacementOptions } from '../placement-options.ts';
import { placementFrom } from '../read-placement.ts';

export interface UpOptions extends PlacementOptions {
  readonly host: string;
  readonly port: string;
  readonly data: string;
  readonly executor: ExecutorName;
  readonly artifacts?: string;
  readonly database?: string;
  readonly timeZone?: string;
  readonly reportCanceled?: true;
  readonly pipelineOrigin?: readonly string[];
  readonly retention?: readonly string[];
  readonly logLevel?: string;
  readonly logFormat?: string;
  readonly samples?: true;
  readonly components?: string;
  /** Another dashboard. */
  readonly web?: string;
  readonly quiet?: true;
  /** Those of auth-config.ts. */
  readonly [name: string]: unknown;
}

/** `pipewright up`: the platform until it is told to end. Running steps go on then, and are taken up by the next start. */
export async function up(options: UpOptions): Promise<number> {
  const { openServer } = await import('../../serve.ts');
  const { readAuthConfig } = await import('../../server/auth/auth-config.ts');
  const auth = readAuthConfig(options, process.env);
  const { readRetention } = await import('../../app/retention-policy.ts');
  const retention = options.retention === undefined ? undefined : readRetention(options.retention);
  const logger = await openLogger(options);
  const stop = Promise.withResolvers<number>();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, () => stop.resolve(EXIT.ok));
  const webDir = options.web === undefined ? dashboardFolder() : resolve(options.web);
  const server = await openServer({
    host: options.host,
    port: Number(options.port),
    dataDir: resolve(options.data),
    executor: options.executor,
    auth,
    logger,
    ...(retention === undefined ? {} : { retention }),
    ...(options.artifacts === undefined ? {} : { artifacts: options.artifacts }),
    ...(options.database === undefined ? {} : { database: options.database }),
    ...placementFrom(options),
    ...(options.components === undefined ? {} : { componentsDir: resolve(options.components) }),
    ...(options.samples ? { samplesDir: SAMPLES } : {}),
    ...(webDir === undefined ? {} : { webDir }),
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    ...(options.reportCanceled ? { canceledAs: 'CANCELED' as const } : {}),
    pipelineOrigins: options.pipelineOrigin ?? [],
    onError: (error, doing) => logger.error({ error: error instanceof Error ? error : String(error) }, doing),
    onFatal: (error) => {
      logger.error(
        { error: error instanceof Error ? error : String(error) },
        'the server stops, since it can no longer record what it decides',
      );
      stop.resolve(EXIT.runFailed);
    },
    onStoreFull: (error) => {
      if (error) logger.error({ error }, 'nothing can be recorded: all runs wait until there is space');
      else logger.warn({}, 'there is space again: the runs go on');
    },
  });
  if (!options.quiet) console.log(greeting(server.url, resolve(options.data), webDir !== undefined));
  const code = await stop.promise;
  // Whoever asks a second time does not want to wait.
  for (const signal of signals) process.once(signal, () => process.exit(EXIT.interrupted));
  await server.close();
  return code;
}

/** Logs go to standard error; what is printed for people goes to standard output. Default level: warn, so that a terminal stays calm. */
async function openLogger({ logLevel, logFormat }: UpOptions) {
  const { createLogger, readLogOptions } = await import('../../server/log/logger.ts');
  const { systemClock } = await import('../../base/clock.ts');
  const isTerminal = process.stderr.isTTY;
  const chosen = readLogOptions({ level: logLevel ?? (isTerminal ? 'warn' : 'info'), format: logFormat }, { isTerminal });
  return createLogger({ ...chosen, clock: systemClock, write: (line) => process.stderr.write(line) });
}

/** In a clone and in the package alike. */
const SAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));

function greeting(url: string, dataDir: string, hasDashboard: boolean): string {
  return [
    `pipewright is ready: ${url}`,
    hasDashboard ? `  dashboard   ${url}` : '  dashboard   not built; in a clone: npm start',
    `  kfp client  kfp --endpoint ${url} pipeline list`,
    `  data        ${dataDir}`,
  ].join('\n');
}

/** The dashboard as it is built in a clone, or as it lies in the package. */
function dashboardFolder(): string | undefined {
  const candidates = ['../../../web/dist', '../../web'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return candidates.find((folder) => existsSync(`${folder}/index.html`));
}
