/** What is done with a database as a file: copied as of one moment, and told that the data folder is elsewhere. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ProductError } from '../../base/errors.ts';
import { explainSqliteError } from './sqlite-errors.ts';

/** Copies the database to a new file, as it is at one moment, while others read and write it. Throws NOT_FOUND. */
export function copyDatabase(file: string, target: string): void {
  if (!existsSync(file)) {
    throw new ProductError('NOT_FOUND', `there is no database at ${file}`, {
      hint: 'name the data folder with --data; a PostgreSQL database is backed up with its own tools',
    });
  }
  const database = new DatabaseSync(file, { readOnly: true, timeout: 30_000 });
  try {
    database.prepare('vacuum into ?').run(target);
  } catch (error) {
    throw explainSqliteError(error, file);
  } finally {
    database.close();
  }
}

/** Columns that are a URI or path, and columns of JSON that may contain some. */
const PLACES: Readonly<Record<string, { readonly plain?: readonly string[]; readonly json?: readonly string[] }>> = {
  runs: { plain: ['pipeline_root'], json: ['settings', 'outputs', 'error'] },
  run_details: { plain: ['pipeline_root'] },
  recurring_runs: { plain: ['pipeline_root'] },
  run_events: { json: ['events'] },
  tasks: { json: ['inputs', 'outputs', 'error'] },
  artifacts: { plain: ['uri'], json: ['metadata'] },
  cache_entries: { json: ['artifacts'] },
};

/** Local artifacts are named by absolute paths: those below the folder `from` get to be below `to`. */
export function relocateDatabase(file: string, { from, to }: { readonly from: string; readonly to: string }): void {
  if (from === to) return;
  const database = new DatabaseSync(file);
  try {
    const exists = database.prepare(`select 1 from pragma_table_info(?) where name = ?`);
    database.exec('begin immediate');
    for (const [table, { plain = [], json = [] }] of Object.entries(PLACES)) {
      for (const column of plain.filter((name) => exists.get(table, name))) {
        const sql = `update ${table} set ${column} = ? || substr(${column}, ?) where ${column} = ? or substr(${column}, 1, ?) = ?`;
        const start = Array.from(from).length + 1;
        database.prepare(sql).run(to, start, from, start, `${from}/`);
      }
      for (const column of json.filter((name) => exists.get(table, name))) {
        // Only where a text begins with the folder: in the middle of one the same letters may be part of another path.
        const begin = (text: string) => JSON.stringify(text).slice(0, -1);
        const sql = `update ${table} set ${column} = replace(replace(${column}, ?, ?), ?, ?) where instr(${column}, ?) > 0`;
        const values = [`${begin(from)}/`, `${begin(to)}/`, `${begin(from)}"`, `${begin(to)}"`, begin(from)];
        database.prepare(sql).run(...values);
      }
    }
    database.exec('commit');
  } catch (error) {
    throw explainSqliteError(error, file);
  } finally {
    database.close();
  }
}
