import type { AttemptRow, RunRow, TaskRow } from '../../model/run.ts';
import { RUN_STATES } from '../../model/states.ts';
import { attemptRow, runRow, sequencedEvents, taskRow } from '../records.ts';
import type { AttemptRecord, RunEventsRecord, RunRecord, TaskRecord } from '../schema.ts';
import type { SequencedEvents } from '../store.ts';
import type { Session } from './session.ts';
import { prepare } from './session.ts';

export function getRunWith(session: Session): (runId: string) => RunRow | undefined {
  const statement = prepare(session, session.kysely.selectFrom('runs').selectAll().where('run_id', '=', ''));
  return (runId) => {
    const record = statement.get(runId);
    return record && runRow(record as unknown as RunRecord);
  };
}

type ListRuns = (options: { readonly states?: readonly string[]; readonly limit: number }) => readonly RunRow[];

/**
 * The newest runs. Those of some states are asked for state by state, each along its index: a database with a million
 * finished runs and two unfinished ones reads two rows.
 */
export function listRunsWith(session: Session): ListRuns {
  const newest = session.kysely.selectFrom('runs').selectAll().orderBy('created_at_ms', 'desc').orderBy('run_id', 'desc');
  const ofAny = prepare(session, newest.limit(1));
  const ofState = prepare(session, newest.where('state', '=', '').limit(1));
  return ({ states, limit }) => {
    if (states === undefined) return (ofAny.all(limit) as unknown as RunRecord[]).map(runRow);
    const known = new Set(states.filter((state) => state in RUN_STATES));
    const records = [...known].flatMap((state) => ofState.all(state, limit) as unknown as RunRecord[]);
    return records.sort(newestFirst).slice(0, limit).map(runRow);
  };
}

function newestFirst(left: RunRecord, right: RunRecord): number {
  if (left.created_at_ms !== right.created_at_ms) return right.created_at_ms - left.created_at_ms;
  return left.run_id < right.run_id ? 1 : -1;
}

export function loadEventsWith(session: Session): (runId: string) => readonly SequencedEvents[] {
  const query = session.kysely.selectFrom('run_events').selectAll().where('run_id', '=', '').orderBy('sequence');
  const statement = prepare(session, query);
  return (runId) => (statement.all(runId) as unknown as RunEventsRecord[]).map(sequencedEvents);
}

export function listTasksWith(session: Session): (runId: string) => readonly TaskRow[] {
  const query = session.kysely.selectFrom('tasks').selectAll().where('run_id', '=', '').orderBy('task');
  const statement = prepare(session, query);
  return (runId) => (statement.all(runId) as unknown as TaskRecord[]).map(taskRow);
}

export function listAttemptsWith(session: Session): (runId: string) => readonly AttemptRow[] {
  const query = session.kysely.selectFrom('attempts').selectAll().where('run_id', '=', '').orderBy('task').orderBy('attempt');
  const statement = prepare(session, query);
  return (runId) => (statement.all(runId) as unknown as AttemptRecord[]).map(attemptRow);
}
