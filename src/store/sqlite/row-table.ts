import type { SQLInputValue } from 'node:sqlite';
import { ProductError } from '../../base/errors.ts';
import type { SqlRecord } from '../catalogue-records.ts';
import type { Session } from './session.ts';
import { sqliteErrorCode } from './sqlite-errors.ts';

export interface RowTable<Row> {
  readonly insert: (row: Row) => void;
  readonly get: (id: string) => Row | undefined;
  /** Writes all columns of the row with this id; nothing happens if there is none. */
  readonly update: (row: Row) => void;
  readonly delete: (id: string) => void;
}

export interface RowTableOptions<Row> {
  readonly table: string;
  readonly id: string;
  readonly toRecord: (row: Row) => SqlRecord;
  readonly toRow: (record: SqlRecord) => Row;
  /** A row whose columns tell which there are. */
  readonly example: Row;
  /** The message when a unique name is taken. */
  readonly taken?: (row: Row) => string;
}

const UNIQUE_TAKEN = [1555, 2067];

/** The four plain statements of a table with one id. */
export function rowTable<Row>({ database }: Pick<Session, 'database'>, options: RowTableOptions<Row>): RowTable<Row> {
  const { table, id, toRecord, toRow, taken } = options;
  const columns = Object.keys(toRecord(options.example));
  const insert = database.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`);
  const get = database.prepare(`select * from ${table} where ${id} = ?`);
  const sets = columns.filter((column) => column !== id).map((column) => `${column} = ?`);
  const update = database.prepare(`update ${table} set ${sets.join(', ')} where ${id} = ?`);
  const remove = database.prepare(`delete from ${table} where ${id} = ?`);
  return {
    insert(row) {
      const record = toRecord(row);
      try {
        insert.run(...columns.map((column) => record[column] as SQLInputValue));
      } catch (error) {
        if (!taken || !UNIQUE_TAKEN.includes(sqliteErrorCode(error) ?? 0)) throw error;
        throw new ProductError('ALREADY_EXISTS', taken(row), { cause: error });
      }
    },
    get(key) {
      const record = get.get(key);
      return record && toRow(record as SqlRecord);
    },
    update(row) {
      const record = toRecord(row);
      const values = columns.filter((column) => column !== id).map((column) => record[column] as SQLInputValue);
      update.run(...values, record[id] as SQLInputValue);
    },
    delete: (key) => void remove.run(key),
  };
}
