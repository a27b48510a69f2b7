/**
 * Leases in PostgreSQL. Servers tell each other of changes by NOTIFY, with the numbers of what changed and no content: whoever cares
 * reads the rows.
 */
import type { ClientBase } from 'pg';
import { RUN_STATES } from '../../model/states.ts';
import type { LeaseRound, Leases, RenewRequest } from '../leases.ts';
import { RunsTakenOver } from '../leases.ts';
import type { CommitBatch } from '../store.ts';
import { CHANGES, listenOn, REQUESTS } from './listen.ts';
import type { OpenPool } from './open-pool.ts';
import { onClient, storable, withRetries } from './run-script.ts';

export interface LeaseOptions {
  /** The same after a restart, so that a server finds its own runs again before others may take them. */
  readonly serverId: string;
  /** Default: 10,000. */
  readonly leaseMs?: number;
}

export interface PostgresLeases extends Leases, AsyncDisposable {
  /** To be called within the transaction of a batch: before its rows are written, and after. */
  check(client: ClientBase, batch: CommitBatch): Promise<void>;
  finish(client: ClientBase, batch: CommitBatch): Promise<void>;
}

const DEFAULT_LEASE_MS = 10_000;
const NOW_MS = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
const OPEN_STATES = Object.keys(RUN_STATES).filter((state) => !RUN_STATES[state as keyof typeof RUN_STATES].final);
/** A notification may have 8,000 bytes. */
const TASKS_PER_NOTICE = 600;

export function postgresLeases(opened: OpenPool, { serverId, leaseMs = DEFAULT_LEASE_MS }: LeaseOptions): PostgresLeases {
  const listening = new Set<AsyncDisposable>();
  const query = (sql: string, values: readonly unknown[]) =>
    withRetries(opened, async () => (await opened.pool.query<{ run_id: string; reason: string }>(sql, [...values])).rows);
  return {
    serverId,
    leaseMs,
    renew: (request) =>
      // It is asked for again soon; waiting long for this one would only keep a server from ending.
      withRetries(opened, () => onClient(opened, 'write', (client) => renewOn(client, { serverId, leaseMs, ...request })), {
        maxOutageMs: leaseMs / 10,
      }),
    async requestCancel(runId, reason) {
      await query(
        'insert into cancel_requests (run_id, reason) values ($1, $2) on conflict (run_id) do update set reason = excluded.reason',
        [runId, storable(reason)],
      );
      await query(`select pg_notify('${REQUESTS}', server_id) from run_leases where run_id = $1`, [runId]);
    },
    isCancelRequested: async (runId) => (await query('select run_id from cancel_requests where run_id = $1', [runId])).length > 0,
    answered: async (runId) => void (await query('delete from cancel_requests where run_id = $1', [runId])),
    exclusively: (name, work) =>
      withRetries(opened, () =>
        onClient(opened, 'write', async (client) => {
          const lock = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "isOurs"';
          const { rows } = await client.query<{ isOurs: boolean }>(lock, [storable(name)]);
          return rows[0]?.isOurs ? await work() : undefined;
        }),
      ),
    async listen(listener) {
      listening.add(await listenOn(opened, serverId, listener));
    },
    check: (client, batch) => hold(client, serverId, batch),
    async finish(client, batch) {
      const final = batch.runs.filter(({ state }) => RUN_STATES[state].final).map(({ runId }) => runId);
      for (const table of final.length > 0 ? ['run_leases', 'cancel_requests'] : []) {
        await client.query(`delete from ${table} where run_id = any($1::text[])`, [final.map(storable)]);
      }
      await announce(client, serverId, batch);
    },
    async [Symbol.asyncDispose]() {
      for (const each of listening) await each[Symbol.asyncDispose]();
    },
  };
}

/** I1, I2 of the contract: what nobody holds is taken, what is held is locked until the batch is written. */
async function hold(client: ClientBase, serverId: string, { runs, events }: CommitBatch): Promise<void> {
  const wanted = [...new Set([...runs, ...events].map(({ runId }) => storable(runId)))].sort();
  if (wanted.length === 0) return;
  const held = async () => {
    const sql = 'select run_id from run_leases where server_id = $1 and run_id = any($2::text[]) order by run_id for share';
    return new Set((await client.query<{ run_id: string }>(sql, [serverId, wanted])).rows.map((row) => row.run_id));
  };
  let ours = await held();
  if (ours.size < wanted.length) {
    const missing = wanted.filter((runId) => !ours.has(runId));
    const take = 'insert into run_leases select run_id, $1, 0 from unnest($2::text[]) as run_id on conflict do nothing';
    await client.query(take, [serverId, missing]);
    ours = await held();
  }
  const lost = wanted.filter((runId) => !ours.has(runId));
  if (lost.length > 0) throw new RunsTakenOver(lost, `another server runs ${lost.slice(0, 3).join(', ')}`);
}

type Renewal = RenewRequest & { readonly serverId: string; readonly leaseMs: number };

async function renewOn(client: ClientBase, renewal: Renewal): Promise<LeaseRound> {
  const { serverId, leaseMs, running, limit } = renewal;
  await client.query(
    `insert into servers (server_id, alive_until_ms) values ($1, ${NOW_MS} + $2::bigint)
     on conflict (server_id) do update set alive_until_ms = excluded.alive_until_ms`,
    [serverId, leaseMs],
  );
  await client.query(TAKE_OVER, [serverId, OPEN_STATES, limit]);
  const idsOf = async (sql: string, values: readonly unknown[]) =>
    (await client.query<{ run_id: string }>(sql, [...values])).rows.map((row) => row.run_id);
  const requests = await client.query<{ runId: string; reason: string }>(
    `select run_id as "runId", reason from cancel_requests join run_leases using (run_id) where server_id = $1`,
    [serverId],
  );
  return {
    taken: await idsOf('select run_id from run_leases where server_id = $1 and run_id <> all($2::text[])', [serverId, running]),
    lost: await idsOf('select run_id from run_leases where server_id <> $1 and run_id = any($2::text[])', [serverId, running]),
    cancelRequests: requests.rows,
  };
}

/** Runs without a holder, and those of a server that has fallen silent, oldest first. Of two that take the same run one gets it. */
const TAKE_OVER = `
  insert into run_leases as lease (run_id, server_id, fence)
  select runs.run_id, $1, 0 from runs
  left join run_leases as held on held.run_id = runs.run_id
  left join servers on servers.server_id = held.server_id and servers.alive_until_ms > ${NOW_MS}
  where runs.state = any($2::text[]) and servers.server_id is null
  order by runs.created_at_ms, runs.run_id limit $3
  on conflict (run_id) do update set server_id = excluded.server_id, fence = lease.fence + 1
  where not exists (select 1 from servers where servers.server_id = lease.server_id and servers.alive_until_ms > ${NOW_MS})`;

/** Part of the transaction, so that the others hear of nothing that is not there. */
async function announce(client: ClientBase, serverId: string, { runs, tasks }: CommitBatch): Promise<void> {
  const changed = new Map<string, number[]>(runs.map(({ runId }) => [runId, []]));
  for (const { runId, task } of tasks) changed.get(runId)?.push(task);
  const notices = [...changed].flatMap(([runId, numbers]) => {
    const parts = Math.max(1, Math.ceil(numbers.length / TASKS_PER_NOTICE));
    return Array.from({ length: parts }, (_, part) =>
      JSON.stringify([serverId, runId, numbers.slice(part * TASKS_PER_NOTICE, (part + 1) * TASKS_PER_NOTICE)]),
    );
  });
  if (notices.length > 0)
    await client.query(`select pg_notify('${CHANGES}', notice) from unnest($1::text[]) as notice`, [notices]);
}
