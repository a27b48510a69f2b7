import type { ClientBase } from 'pg';
import { eventsTaken, runTaken } from '../commit-conflicts.ts';
import { artifactRecord, attemptRecord, cacheRecord, lineageRecord, runEventsRecord, runRecord, taskRecord } from '../records.ts';
import type { CommitBatch } from '../store.ts';
import { storable } from './run-script.ts';

/**
 * Writes a batch inside a transaction: one statement a table, whatever the number of rows, which travel as one JSON text. When the
 * connection was lost during a commit, the batch may have been written: events that are there exactly as they would be written now
 * are this batch's own.
 */
export async function writeBatch(
  client: ClientBase,
  batch: CommitBatch,
  { isRepetition }: { readonly isRepetition: boolean },
): Promise<void> {
  const write = <Row>(
    table: string,
    key: readonly string[],
    rows: readonly Row[],
    toRecord: (row: Row) => object,
    newerBy?: string,
  ) => upsertRows(client, { table, key, records: rows.map(toRecord), newerBy });
  if (batch.newRuns === true) await insertRuns(client, batch, isRepetition);
  else await write('runs', ['run_id'], batch.runs, runRecord);
  await appendEvents(client, batch, isRepetition);
  await removeTasks(client, batch.removedTasks ?? []);
  await write('tasks', ['run_id', 'task'], batch.tasks, taskRecord);
  await write('attempts', ['run_id', 'task', 'attempt'], batch.attempts, attemptRecord);
  await write('artifacts', ['id'], batch.artifacts, artifactRecord);
  await write('lineage', ['run_id', 'task', 'direction', 'name', 'position'], batch.lineage, lineageRecord);
  await write('cache_entries', ['namespace', 'pipeline_name', 'key'], batch.cache, cacheRecord, 'created_at_ms');
}

interface Rows {
  readonly table: string;
  readonly key: readonly string[];
  readonly records: readonly object[];
  /** A row is replaced only by one whose value in this column is at least as high. */
  readonly newerBy?: string | undefined;
}

async function upsertRows(client: ClientBase, { table, key, records, newerBy }: Rows): Promise<void> {
  const last = lastOfEach(records, key, newerBy);
  if (last.length === 0) return;
  const columns = Object.keys(last[0]!);
  const replaced = columns.filter((column) => !key.includes(column)).map((column) => `"${column}" = excluded."${column}"`);
  const newer = newerBy === undefined ? '' : ` where excluded.${newerBy} >= ${table}.${newerBy}`;
  await client.query(`${insertOf(table, columns)} on conflict (${key.join(', ')}) do update set ${replaced.join(', ')}${newer}`, [
    jsonOf(last),
  ]);
}

/** `key` and others are words of SQL, hence the quotes. Columns that are not named keep their defaults. */
function insertOf(table: string, columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  return `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, $1::json)`;
}

/** One statement may touch a row once only; of several versions of a row the last counts. */
function lastOfEach(records: readonly object[], key: readonly string[], newerBy: string | undefined): readonly object[] {
  const byKey = new Map<string, Readonly<Record<string, unknown>>>();
  for (const record of records as readonly Readonly<Record<string, unknown>>[]) {
    const id = JSON.stringify(key.map((column) => record[column]));
    const known = byKey.get(id);
    if (known && newerBy !== undefined && (record[newerBy] as number) < (known[newerBy] as number)) continue;
    byKey.set(id, record);
  }
  // In one order, so that servers that write the same rows do not wait for each other in a ring.
  return [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, record]) => record);
}

const jsonOf = (records: readonly object[]): string => JSON.stringify(records, (_, value: unknown) => storable(value));

async function insertRuns(client: ClientBase, { runs }: CommitBatch, isRepetition: boolean): Promise<void> {
  const records = runs.map(runRecord);
  if (records.length === 0) return;
  const { rows } = await client.query<{ run_id: string }>(
    `${insertOf('runs', Object.keys(records[0]!))} on conflict (run_id) do nothing returning run_id`,
    [jsonOf(records)],
  );
  const inserted = new Set(rows.map((row) => row.run_id));
  const known = records.find(({ run_id }) => !inserted.has(storable(run_id)));
  if (known && !isRepetition) throw runTaken(known.run_id);
}

async function appendEvents(client: ClientBase, { events }: CommitBatch, isRepetition: boolean): Promise<void> {
  const records = events.map(runEventsRecord);
  if (records.length === 0) return;
  const { rows } = await client.query<{ run_id: string; sequence: number }>(
    `${insertOf('run_events', ['run_id', 'sequence', 'events'])} on conflict do nothing returning run_id, sequence`,
    [jsonOf(records)],
  );
  if (rows.length === records.length) return;
  const inserted = new Set(rows.map((row) => `${row.run_id} ${row.sequence}`));
  for (const record of records) {
    if (inserted.delete(`${storable(record.run_id)} ${record.sequence}`)) continue;
    if (isRepetition && (await isRecordedAs(client, record))) continue;
    throw eventsTaken({ runId: record.run_id, sequence: record.sequence });
  }
}

async function isRecordedAs(
  client: ClientBase,
  { run_id: runId, sequence, events }: { readonly run_id: string; readonly sequence: number; readonly events: string },
): Promise<boolean> {
  const { rows } = await client.query<{ events: string }>('select events from run_events where run_id = $1 and sequence = $2', [
    storable(runId),
    sequence,
  ]);
  return rows[0]?.events === storable(events);
}

/** What is known of a task instance goes with it: its attempts and what they read and wrote. The artifacts stay. */
async function removeTasks(client: ClientBase, removed: NonNullable<CommitBatch['removedTasks']>): Promise<void> {
  if (removed.length === 0) return;
  const values = [removed.map(({ runId }) => storable(runId)), removed.map(({ task }) => task)];
  for (const table of ['tasks', 'attempts', 'lineage']) {
    await client.query(
      `delete from ${table} using unnest($1::text[], $2::int[]) as removed (run_id, task)
       where ${table}.run_id = removed.run_id and ${table}.task = removed.task`,
      values,
    );
  }
}
