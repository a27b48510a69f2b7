/**
 * Queries that every SQL store answers alike are written once, as scripts: generators that hand out statements and are given
 * their rows. Who runs a script decides how: SQLite at once, in one go; a database server one statement after the other, waiting
 * for each.
 */
import type { SqlRecord } from '../row-columns.ts';

export type SqlValue = string | number | null;

export interface Statement {
  /** Values are marked with `?`; no literal contains one. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export type Script<Result> = Generator<Statement, Result, readonly SqlRecord[]>;

/** `read`: no transaction. `write`: all or nothing. `durable`: and it survives a power cut once it is answered. */
export type Effort = 'read' | 'write' | 'durable';

export interface ScriptedMethod<Args extends readonly unknown[], Result> {
  readonly effort: Effort;
  readonly script: (...args: Args) => Script<Result>;
}

/** A contract as scripts. */
export type Scripted<Contract> = {
  readonly [Name in keyof Contract]: Contract[Name] extends (...args: infer Args) => Promise<infer Result>
    ? ScriptedMethod<Args, Result>
    : never;
};

type Method<Args extends readonly unknown[], Result> = ScriptedMethod<Args, Result>;
type Steps<Args extends readonly unknown[], Result> = (...args: Args) => Script<Result>;

export const reading = <Args extends readonly unknown[], Result>(script: Steps<Args, Result>): Method<Args, Result> => ({
  effort: 'read',
  script,
});
export const writing = <Args extends readonly unknown[], Result>(script: Steps<Args, Result>): Method<Args, Result> => ({
  effort: 'write',
  script,
});
export const durably = <Args extends readonly unknown[], Result>(script: Steps<Args, Result>): Method<Args, Result> => ({
  effort: 'durable',
  script,
});

export type RunScript = <Result>(script: () => Script<Result>, effort: Effort) => Promise<Result>;

/** The contract's methods, each running its script. `run` may ask for the script again, to repeat what a lost connection cut short. */
export function answerWith<Contract>(scripted: Scripted<Contract>, run: RunScript): Contract {
  const methods = Object.entries<ScriptedMethod<readonly unknown[], unknown>>(scripted as never).map(([name, method]) => [
    name,
    (...args: readonly unknown[]) => run(() => method.script(...args), method.effort),
  ]);
  return Object.fromEntries(methods) as Contract;
}

/** A script of one statement whose rows nobody needs. */
export function* execute(sql: string, ...values: readonly SqlValue[]): Script<void> {
  yield { sql, values };
}

/** The first row, if there is one. */
export function* first<Row>(
  toRow: (record: SqlRecord) => Row,
  sql: string,
  ...values: readonly SqlValue[]
): Script<Row | undefined> {
  const [record] = yield { sql, values };
  return record && toRow(record);
}

export function* all<Row>(
  toRow: (record: SqlRecord) => Row,
  sql: string,
  ...values: readonly SqlValue[]
): Script<readonly Row[]> {
  return (yield { sql, values }).map(toRow);
}

/** Thrown into a script by who runs it when a unique name or key is taken, whatever the database calls that. */
export class UniqueTaken extends Error {
  constructor(cause: unknown) {
    super('a unique value is taken', { cause });
  }
}

export const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
