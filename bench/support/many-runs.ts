/**
 * Very many runs, for the figures of lists. They are made by the database itself, with its triggers and indexes put aside
 * meanwhile: through the store, a million runs take minutes.
 */
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** Where the experiments of the runs come from: `experiment-0` and on. */
export const EXPERIMENTS = 50;

interface Words {
  readonly id: string;
  readonly subject: string;
}

/** One in a hundred has another state than the rest; names have a word, a number and a date. */
const inserting = (runs: number, { id, subject }: Words): string => `
  with recursive numbers (i) as (select 0 union all select i + 1 from numbers where i + 1 < ${runs})
  insert into runs (run_id, namespace, display_name, pipeline_name, document_digest, arguments, pipeline_root, settings,
    created_at_ms, scheduled_at_ms, state, started_at_ms, ended_at_ms, experiment_id, storage_state)
  select ${id}, 'default', ${subject} || ' run ' || i || ' of 2026-0' || (1 + i % 9), ${subject}, 'digest',
    '{"learning_rate":0.1,"epochs":' || (i % 20) || '}', '/data/artifacts', '{}',
    1767225600000 + i * 1000, 1767225600000 + i * 1000,
    case when i % 100 <> 7 then 'SUCCEEDED' when i % 300 = 7 then 'FAILED' when i % 300 = 107 then 'CANCELED' else 'SKIPPED' end,
    1767225600000 + i * 1000, 1767225660000 + i * 1000, 'experiment-' || (i % ${EXPERIMENTS}), 'AVAILABLE' from numbers`;

const SUBJECTS = ['train', 'evaluate', 'penguins', 'nightly classifier', 'taxi fares', 'fraud model', 'embedding', 'report'];
const subject = `case i % 8 ${SUBJECTS.map((word, index) => `when ${index} then '${word}'`).join(' ')} end`;

const COUNTING = `insert into run_counts (namespace, experiment_id, storage_state, state, runs)
  select namespace, experiment_id, storage_state, state, count(*) from runs group by 1, 2, 3, 4`;

/** Into the database of a store that is closed. */
export function fillSqlite(file: string, runs: number): void {
  using database = new DatabaseSync(file);
  const putAside = database
    .prepare(
      `select type, name, sql from sqlite_schema where tbl_name = 'runs' and type in ('trigger', 'index') and sql is not null`,
    )
    .all();
  // Nothing is lost if the machine stops meanwhile: the file is made anew.
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000; begin');
  for (const { type, name } of putAside) database.exec(`drop ${String(type)} ${String(name)}`);
  database.exec(inserting(runs, { id: `printf('%08x-0000-4000-8000-%012d', (i * 2654435761) & 4294967295, i)`, subject }));
  database.exec(COUNTING);
  database.exec('insert into run_names (run_id, name) select run_id, display_name from runs order by created_at_ms');
  database.exec('insert into run_name_trigrams (rowid, name) select number, name from run_names');
  for (const { sql } of putAside) database.exec(String(sql));
  database.exec('commit; pragma journal_mode = wal');
}

/** Into the database of a store that is closed. */
export async function fillPostgres(url: string, runs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ indexname: string; indexdef: string }>(
      `select indexname, indexdef from pg_indexes where tablename = 'runs' and indexname <> 'runs_pkey'`,
    );
    await client.query('begin');
    await client.query('alter table runs disable trigger user');
    for (const { indexname } of rows) await client.query(`drop index ${indexname}`);
    const id = `lpad(to_hex((i::bigint * 2654435761) & 4294967295), 8, '0') || '-0000-4000-8000-' || lpad(i::text, 12, '0')`;
    await client.query(inserting(runs, { id, subject }));
    await client.query(COUNTING);
    for (const { indexdef } of rows) await client.query(indexdef);
    await client.query('alter table runs enable trigger user');
    await client.query('commit');
    await client.query('vacuum analyze runs');
  } finally {
    await client.end();
  }
}
