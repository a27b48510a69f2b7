/** What the store contract reads, for every SQL store. */
import { canonicalJson, type JsonObject } from '../../base/json.ts';
import { artifactTypeName } from '../../model/artifact-type-name.ts';
import type { ArtifactRow } from '../../model/run.ts';
import { RUN_STATES } from '../../model/states.ts';
import type { SqlRecord } from '../row-columns.ts';
import { artifactRow, attemptRow, cacheEntry, lineageRow, runRow, sequencedEvents, taskRow } from '../records.ts';
import type { ArtifactQuery, CacheEntry, CacheScope, Store, TaskPart } from '../store.ts';
import {
  all,
  execute,
  first,
  marks,
  reading,
  type Script,
  type Scripted,
  type SqlValue,
  type Statement,
  writing,
} from './script.ts';

/** A function from a table's record, used on what a statement answers. */
const from =
  <Record, Row>(toRow: (record: Record) => Row) =>
  (record: SqlRecord): Row =>
    toRow(record as unknown as Record);

const RUN = from(runRow);
const LINEAGE = from(lineageRow);

/** The store contract but for `commit`, which is each database's own. */
export type StoreQueries = Omit<Store, 'name' | 'commit' | typeof Symbol.asyncDispose>;

export const STORE_SCRIPTS: Scripted<StoreQueries> = {
  saveDocument: writing((digest, body) =>
    execute('insert into documents (digest, body) values (?, ?) on conflict (digest) do nothing', digest, body),
  ),
  loadDocument: reading((digest) =>
    first((record) => record['body'] as string, 'select body from documents where digest = ?', digest),
  ),
  getRun: reading((runId) => first(RUN, 'select * from runs where run_id = ?', runId)),
  listRuns: reading(listRuns),
  loadEvents: reading((runId) =>
    all(from(sequencedEvents), 'select * from run_events where run_id = ? order by sequence', runId),
  ),
  lastSequence: reading((runId) =>
    first(
      (record) => record['sequence'] as number,
      'select sequence from run_events where run_id = ? order by sequence desc limit 1',
      runId,
    ),
  ),
  getTask: reading((runId, task) => first(from(taskRow), 'select * from tasks where run_id = ? and task = ?', runId, task)),
  listTasks: reading(function* listTasks(runId, { limit, ...part } = {}) {
    const { sql, values } = tasksOf(runId, part);
    const last = limit === undefined ? [] : [limit];
    const statement = `select * from tasks where ${sql} order by task${limit === undefined ? '' : ' limit ?'}`;
    return yield* all(from(taskRow), statement, ...values, ...last);
  }),
  countTasks: reading(function* countTasks(runId, part = {}) {
    const { sql, values } = tasksOf(runId, part);
    const [record] = yield { sql: `select count(*) as total from tasks where ${sql}`, values };
    return record!['total'] as number;
  }),
  listAttempts: reading((runId) =>
    all(from(attemptRow), 'select * from attempts where run_id = ? order by task, attempt', runId),
  ),
  lookupCache: reading(lookupCache),
  removeCacheEntries: writing(removeCacheEntries),
  getArtifact: reading((id) => first(from(artifactRow), 'select * from artifacts where id = ?', id)),
  findArtifacts: reading(findArtifacts),
  lineageOfArtifact: reading((artifactId) => all(LINEAGE, LINEAGE_OF_ARTIFACT, artifactId)),
  lineageOfRun: reading((runId) =>
    all(LINEAGE, 'select * from lineage where run_id = ? order by task, direction, name, position', runId),
  ),
};

function tasksOf(runId: string, { parents, after }: TaskPart): Statement {
  const conditions = ['run_id = ?'];
  const values: SqlValue[] = [runId];
  if (parents !== undefined) {
    conditions.push(`parent_task in (${marks(parents) || 'null'})`);
    values.push(...parents);
  }
  if (after !== undefined) {
    conditions.push('task > ?');
    values.push(after);
  }
  return { sql: conditions.join(' and '), values };
}

/** Oldest run first; within a run in the order in which its tasks were created. */
const LINEAGE_OF_ARTIFACT = `select lineage.* from lineage left join runs on runs.run_id = lineage.run_id where artifact_id = ?
  order by runs.created_at_ms, lineage.run_id, lineage.task, lineage.direction desc, lineage.name, lineage.position`;

const NEWEST_RUNS = 'order by created_at_ms desc, run_id desc limit ?';

/**
 * The newest runs. Those of some states are asked for state by state, each along its index: a database with a million
 * finished runs and two unfinished ones reads two rows.
 */
function* listRuns({ states, limit }: Parameters<Store['listRuns']>[0]): Script<ReturnType<typeof RUN>[]> {
  if (states === undefined) return (yield { sql: `select * from runs ${NEWEST_RUNS}`, values: [limit] }).map(RUN);
  const records: SqlRecord[] = [];
  for (const state of new Set(states.filter((name) => name in RUN_STATES))) {
    records.push(...(yield { sql: `select * from runs where state = ? ${NEWEST_RUNS}`, values: [state, limit] }));
  }
  return records.sort(newestFirst).slice(0, limit).map(RUN);
}

function newestFirst(left: SqlRecord, right: SqlRecord): number {
  const difference = (right['created_at_ms'] as number) - (left['created_at_ms'] as number);
  return difference || ((left['run_id'] as string) < (right['run_id'] as string) ? 1 : -1);
}

/** Keys asked for in one statement: as many as a database server should be asked for at once. */
const KEYS_AT_ONCE = 100;

/** The entries of many keys. Only the newest entry of a key is kept, so each is one step down the key's tree. */
function* lookupCache({ namespace, pipelineName }: CacheScope, keys: readonly string[]): Script<Map<string, CacheEntry>> {
  const found = new Map<string, CacheEntry>();
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const some = keys.slice(start, start + KEYS_AT_ONCE);
    const sql = `select * from cache_entries where namespace = ? and pipeline_name = ? and key in (${marks(some)})`;
    const records = yield { sql, values: [namespace, pipelineName, ...some] };
    for (const record of records) found.set(record['key'] as string, from(cacheEntry)(record));
  }
  return found;
}

function* removeCacheEntries({ namespace, pipelineName }: CacheScope, keys: readonly string[]): Script<void> {
  const sql = 'delete from cache_entries where namespace = ? and pipeline_name = ? and key = ?';
  for (const key of keys) yield* execute(sql, namespace, pipelineName, key);
}

/** Artifacts read at once while metadata is compared. */
const ARTIFACTS_AT_ONCE = 200;

/**
 * The newest artifacts of one pipeline. Metadata is compared here, row by row from the newest, and reading stops once there
 * are enough: databases differ in how they compare JSON.
 */
function* findArtifacts(query: ArtifactQuery): Script<readonly ArtifactRow[]> {
  const found: ArtifactRow[] = [];
  let after: ArtifactRow | undefined;
  while (found.length < query.limit) {
    const records: readonly SqlRecord[] = yield artifactsStatement(query, after);
    const rows = records.map(from(artifactRow));
    found.push(...rows.filter((row) => matches(row, query)));
    if (records.length < ARTIFACTS_AT_ONCE) break;
    after = rows.at(-1);
  }
  return found.slice(0, Math.max(0, query.limit));
}

/**
 * The rows `findArtifacts` looks through. With a URI they are so few that the type is compared afterwards, and the plus keeps
 * SQLite's planner from walking along all artifacts of the pipeline only because those are in order already.
 */
export function artifactsStatement(query: ArtifactQuery, after?: ArtifactRow) {
  const conditions = ['namespace = ?', 'pipeline_name = ?'];
  const values: SqlValue[] = [query.namespace, query.pipelineName];
  const add = (condition: string, ...more: readonly SqlValue[]) => {
    conditions.push(condition);
    values.push(...more);
  };
  if (query.uri !== undefined) add('uri = ?', query.uri);
  else if (query.typeName !== undefined) add('type_name = ?', query.typeName);
  if (query.name !== undefined) add('name = ?', query.name);
  if (after) add('(created_at_ms, id) < (?, ?)', after.createdAtMs, after.id);
  const order = query.uri === undefined ? 'created_at_ms desc, id desc' : '+created_at_ms desc, id desc';
  const sql = `select * from artifacts where ${conditions.join(' and ')} order by ${order} limit ?`;
  return { sql, values: [...values, ARTIFACTS_AT_ONCE] };
}

function matches(row: ArtifactRow, { typeName, metadata = {} }: ArtifactQuery): boolean {
  return (typeName === undefined || artifactTypeName(row.type) === typeName) && hasMembers(row.metadata, metadata);
}

function hasMembers(metadata: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => Object.hasOwn(metadata, name) && canonicalJson(metadata[name]) === canonicalJson(value),
  );
}
