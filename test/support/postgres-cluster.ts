/**
 * A PostgreSQL server for one test file: made in a temporary folder, on a free port of the loopback interface, and removed at the
 * end. Nothing of an installed server is used but its programs.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const PROGRAMS = '/usr/lib/postgresql';
const START_TIMEOUT_MS = 30_000;

/** The folder of `initdb` and `postgres`, newest version first; undefined if there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(PROGRAMS)) return undefined;
  const versions = readdirSync(PROGRAMS).sort((left, right) => Number(right) - Number(left));
  return versions.map((version) => join(PROGRAMS, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

export const NO_POSTGRES = postgresPrograms() ? false : 'PostgreSQL is not installed (npm test installs it where it may)';

export interface PostgresCluster extends AsyncDisposable {
  /** Makes an empty database. */
  createDatabase(name: string): Promise<string>;
  url(database: string): string;
  /** As after a power cut, and started again on the same port. */
  restart(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresCluster> {
  const programs = postgresPrograms()!;
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-postgres-'));
  const user = unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { cwd: folder, stdio: 'ignore', env: { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] }, ...user } as const;
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'tests', '--auth=trust', '--no-sync', '-E', 'UTF8'], options);
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn(join(programs, 'postgres'), args, options);
    await untilReady(url('postgres'), child);
    return child;
  };
  const url = (database: string) => `postgres://tests@127.0.0.1:${port}/${database}`;
  let server = await start();
  const stop = async (signal: NodeJS.Signals) => {
    const ended = server.exitCode === null ? once(server, 'exit') : undefined;
    server.kill(signal);
    await ended;
  };
  const killAtExit = () => server.kill('SIGQUIT');
  process.once('exit', killAtExit);
  return {
    url,
    async createDatabase(name) {
      await query(url('postgres'), `create database ${name}`);
      return url(name);
    },
    async restart() {
      await stop('SIGQUIT');
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', killAtExit);
      await stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Removes all rows, so that the next test finds the tables as a first start leaves them. */
export async function emptyTables(url: string): Promise<void> {
  const tables = await query(
    url,
    `select string_agg(quote_ident(tablename), ', ') as names from pg_tables
     where schemaname = 'public' and tablename not like 'kysely%'`,
  );
  const names = tables[0]?.['names'];
  if (typeof names === 'string') await query(url, `truncate ${names}`);
}

/** PostgreSQL does not run as root. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await query(url, 'select 1');
      return;
    } catch (error) {
      if (server.exitCode !== null || performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}
