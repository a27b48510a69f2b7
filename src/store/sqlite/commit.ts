import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { artifactRecord, attemptRecord, cacheRecord, lineageRecord, runEventsRecord, runRecord, taskRecord } from '../records.ts';
import type { StoreSchema } from '../schema.ts';
import { eventsTaken, runTaken } from '../commit-conflicts.ts';
import type { CommitBatch, SequencedEvents } from '../store.ts';
import type { Session } from './session.ts';
import { isPrimaryKeyTaken } from './sqlite-errors.ts';

/**
 * Writes a batch in one transaction. This is the hot path: one prepared statement a table, one row at a time, which
 * node:sqlite runs as fast as statements of many rows.
 */
export function commitWith(session: Session): (batch: CommitBatch) => void {
  const writeRun = upsert(session, 'runs', ['run_id'], runRecord);
  const refuseKnown = refuseKnownRun(session);
  const removeTask = deleteTask(session);
  const appendEvents = insertEvents(session);
  const writeTask = upsert(session, 'tasks', ['run_id', 'task'], taskRecord);
  const writeAttempt = upsert(session, 'attempts', ['run_id', 'task', 'attempt'], attemptRecord);
  const writeArtifact = upsert(session, 'artifacts', ['id'], artifactRecord);
  const writeLineage = upsert(session, 'lineage', ['run_id', 'task', 'direction', 'name', 'position'], lineageRecord);
  const writeCacheEntry = upsert(session, 'cache_entries', ['namespace', 'pipeline_name', 'key'], cacheRecord, 'created_at_ms');
  return (batch) =>
    inTransaction(session, batch.durable === true, () => {
      if (batch.newRuns === true) batch.runs.forEach(refuseKnown);
      batch.runs.forEach(writeRun);
      batch.events.forEach(appendEvents);
      batch.removedTasks?.forEach(removeTask);
      batch.tasks.forEach(writeTask);
      batch.attempts.forEach(writeAttempt);
      batch.artifacts.forEach(writeArtifact);
      batch.lineage.forEach(writeLineage);
      batch.cache.forEach(writeCacheEntry);
    });
}

/**
 * Takes the write lock at once, so that nothing is half done when it is held by someone else. A durable transaction is
 * synced to the disk before it counts, and with it all earlier ones; setting the pragma costs under a microsecond.
 */
export function inTransaction<Result>(session: Session, durable: boolean, write: () => Result): Result {
  const { database } = session;
  if (durable) database.exec('pragma synchronous = full');
  try {
    database.exec('begin immediate');
    try {
      const result = write();
      database.exec('commit');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('rollback');
      throw error;
    }
  } finally {
    if (durable) database.exec('pragma synchronous = normal');
  }
}

/**
 * A function that inserts a row or replaces the one with the same key. With `newerBy`, a row is replaced only by one whose
 * value in that column is at least as high. The statement is prepared for the first row: records of a table all have the
 * same columns in the same order.
 */
function upsert<Row, T extends keyof StoreSchema>(
  { database }: Session,
  table: T,
  key: readonly (keyof StoreSchema[T] & string)[],
  record: (row: Row) => StoreSchema[T],
  newerBy?: keyof StoreSchema[T] & string,
): (row: Row) => void {
  let statement: StatementSync | undefined;
  return (row) => {
    const values = record(row);
    statement ??= database.prepare(upsertSql(table, key, Object.keys(values), newerBy));
    statement.run(...(Object.values(values) as SQLInputValue[]));
  };
}

function upsertSql(table: string, key: readonly string[], columns: readonly string[], newerBy: string | undefined): string {
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
  const replaced = columns.filter((column) => !key.includes(column)).map((column) => `"${column}" = excluded."${column}"`);
  const update = replaced.length === 0 ? 'nothing' : `update set ${replaced.join(', ')}`;
  const condition = newerBy === undefined ? '' : ` where excluded."${newerBy}" >= "${table}"."${newerBy}"`;
  const marks = columns.map(() => '?').join(', ');
  return `insert into "${table}" (${quoted(columns)}) values (${marks}) on conflict (${quoted(key)}) do ${update}${condition}`;
}

/** Events are only ever added: a sequence that is taken means that someone else went on with the run. */
function insertEvents(session: Session): (tick: SequencedEvents) => void {
  const statement = session.database.prepare('insert into run_events (run_id, sequence, events) values (?, ?, ?)');
  return (tick) => {
    const { run_id: runId, sequence, events } = runEventsRecord(tick);
    try {
      statement.run(runId, sequence, events);
    } catch (error) {
      throw isPrimaryKeyTaken(error) ? eventsTaken({ runId, sequence }, error) : error;
    }
  };
}

function refuseKnownRun(session: Session): (run: { readonly runId: string }) => void {
  const statement = session.database.prepare('select run_id from runs where run_id = ?');
  return ({ runId }) => {
    if (statement.get(runId)) throw runTaken(runId);
  };
}

/** What is known of a task instance goes with it: its attempts and what they read and wrote. The artifacts stay. */
function deleteTask(session: Session): (removed: { readonly runId: string; readonly task: number }) => void {
  const statements = (['tasks', 'attempts', 'lineage'] as const).map((table) =>
    session.database.prepare(`delete from ${table} where run_id = ? and task = ?`),
  );
  return ({ runId, task }) => {
    for (const statement of statements) statement.run(runId, task);
  };
}
