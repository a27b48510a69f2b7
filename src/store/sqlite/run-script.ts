import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqlRecord } from '../row-columns.ts';
import { type RunScript, type Script, type Statement, UniqueTaken } from '../sql/script.ts';
import { inTransaction } from './commit.ts';
import type { Session } from './session.ts';
import { explainSqliteError, isUniqueTaken } from './sqlite-errors.ts';

/** SQLite answers at once, so a script runs in one go and nothing comes between its statements. Failures name the file. */
export function scriptRunner(session: Session): RunScript {
  return async (script, effort) => {
    try {
      if (effort === 'read') return runScript(session, script());
      return inTransaction(session, effort === 'durable', () => runScript(session, script()));
    } catch (error) {
      throw explainSqliteError(error, session.file);
    }
  };
}

export function runScript<Result>(session: Session, script: Script<Result>): Result {
  let step = script.next([]);
  while (!step.done) {
    let records: readonly SqlRecord[];
    try {
      records = execute(session, step.value);
    } catch (error) {
      step = script.throw(isUniqueTaken(error) ? new UniqueTaken(error) : error);
      continue;
    }
    step = script.next(records);
  }
  return step.value;
}

const MAX_PREPARED = 300;
const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

function execute({ database }: Session, { sql, values }: Statement): readonly SqlRecord[] {
  let statements = prepared.get(database);
  if (!statements) prepared.set(database, (statements = new Map()));
  let statement = statements.get(sql);
  if (!statement) {
    if (statements.size >= MAX_PREPARED) statements.clear();
    statements.set(sql, (statement = database.prepare(sql)));
  }
  return statement.all(...values) as unknown as SqlRecord[];
}
