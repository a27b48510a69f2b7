import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import type { SqlRecord } from '../row-columns.ts';
import { type Effort, type RunScript, type Script, type Statement, UniqueTaken } from '../sql/script.ts';
import type { OpenPool } from './open-pool.ts';
import { explainPostgresError, isConnectionLost, isToBeRepeated, isUniqueViolation } from './postgres-errors.ts';

/** How long a lost connection is waited for: a server that is restarted is back by then. */
const MAX_OUTAGE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;
const MAX_REPEATS = 10;

/** Runs scripts on connections of the pool, each with `write` or `durable` in a transaction; every transaction is durable. */
export function scriptRunner(opened: OpenPool): RunScript {
  return (script, effort) => withRetries(opened, () => onClient(opened, effort, (client) => runScript(client, script())));
}

export async function runScript<Result>(client: ClientBase, script: Script<Result>): Promise<Result> {
  let step = script.next([]);
  while (!step.done) {
    let records: readonly SqlRecord[];
    try {
      records = await query(client, step.value);
    } catch (error) {
      step = script.throw(isUniqueViolation(error) ? new UniqueTaken(error) : error);
      continue;
    }
    step = script.next(records);
  }
  return step.value;
}

async function query(client: ClientBase, { sql, values }: Statement): Promise<readonly SqlRecord[]> {
  const text = numbered(sql);
  return (await client.query<SqlRecord>(text, values.map(storable))).rows;
}

const MAX_NUMBERED = 500;
const known = new Map<string, string>();

/** `?` as PostgreSQL spells it: `$1`, `$2`. */
function numbered(sql: string): string {
  let text = known.get(sql);
  if (text !== undefined) return text;
  let count = 0;
  text = sql.replace(/\?/g, () => `$${(count += 1)}`);
  if (known.size >= MAX_NUMBERED) known.clear();
  known.set(sql, text);
  return text;
}

/** PostgreSQL's texts cannot hold the character NUL, nor halves of a surrogate pair; both come only by mistake. */
export function storable<Value>(value: Value): Value {
  if (typeof value !== 'string') return value;
  return value.toWellFormed().replaceAll('\0', '\uFFFD') as Value & string;
}

export async function onClient<Result>(
  { pool }: OpenPool,
  effort: Effort,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    if (effort === 'read') return await work(client);
    await client.query('begin');
    try {
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw error;
    }
  } catch (error) {
    if (isConnectionLost(error)) broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Repeats what a lost connection or a deadlock cut short. A transaction whose commit was not answered may have been done, so `work`
 * is told that it is a repetition and has to bear that.
 */
export async function withRetries<Result>(
  { place }: OpenPool,
  work: (isRepetition: boolean) => Promise<Result>,
  { maxOutageMs = MAX_OUTAGE_MS }: { readonly maxOutageMs?: number } = {},
): Promise<Result> {
  let pauseMs = FIRST_PAUSE_MS;
  let waitedMs = 0;
  let wasLost = false;
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await work(wasLost);
    } catch (error) {
      const isLost = isConnectionLost(error);
      wasLost ||= isLost;
      const isWorthIt = isLost ? waitedMs < maxOutageMs : isToBeRepeated(error) && repeats < MAX_REPEATS;
      if (!isWorthIt) throw explainPostgresError(error, place);
      if (!isLost) continue;
      await delay(pauseMs);
      waitedMs += pauseMs;
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
}
