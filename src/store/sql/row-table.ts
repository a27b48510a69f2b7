import { ProductError } from '../../base/errors.ts';
import type { SqlRecord } from '../row-columns.ts';
import { execute, first, marks, type Script, UniqueTaken } from './script.ts';

export interface RowTable<Row> {
  /** Throws ALREADY_EXISTS if a unique name is taken. */
  readonly insert: (row: Row) => Script<void>;
  readonly get: (id: string) => Script<Row | undefined>;
  /** Writes all columns of the row with this id; nothing happens if there is none. */
  readonly update: (row: Row) => Script<void>;
  readonly delete: (id: string) => Script<void>;
}

export interface RowTableOptions<Row> {
  readonly table: string;
  readonly id: string;
  readonly toRecord: (row: Row) => SqlRecord;
  readonly toRow: (record: SqlRecord) => Row;
  /** The message when a unique name is taken. */
  readonly taken?: (row: Row) => string;
}

/** The four plain statements of a table with one id. */
export function rowTable<Row>({ table, id, toRecord, toRow, taken }: RowTableOptions<Row>): RowTable<Row> {
  return {
    *insert(row) {
      const record = toRecord(row);
      const values = Object.values(record);
      try {
        yield { sql: `insert into ${table} (${Object.keys(record).join(', ')}) values (${marks(values)})`, values };
      } catch (error) {
        if (!taken || !(error instanceof UniqueTaken)) throw error;
        throw new ProductError('ALREADY_EXISTS', taken(row), { cause: error });
      }
    },
    get: (key) => first(toRow, `select * from ${table} where ${id} = ?`, key),
    update(row) {
      const { [id]: key = null, ...record } = toRecord(row);
      const sets = Object.keys(record).map((column) => `${column} = ?`);
      return execute(`update ${table} set ${sets.join(', ')} where ${id} = ?`, ...Object.values(record), key);
    },
    delete: (key) => execute(`delete from ${table} where ${id} = ?`, key),
  };
}

/** Inserts a row or replaces the one with the same key. */
export function upsert(table: string, key: readonly string[], record: SqlRecord): Script<void> {
  const columns = Object.keys(record);
  const replaced = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  const values = Object.values(record);
  const sql = `insert into ${table} (${columns.join(', ')}) values (${marks(values)}) on conflict (${key.join(', ')})`;
  return execute(`${sql} do update set ${replaced.join(', ')}`, ...values);
}
