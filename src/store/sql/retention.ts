import type { SqlRecord } from '../row-columns.ts';
import type { EndedRun, RetentionStore, RunArtifact } from '../retention-store.ts';
import { durably, reading, type Script, type Scripted, type Statement, writing } from './script.ts';

const FINAL = `('SUCCEEDED', 'FAILED', 'CANCELED')`;

/** True for the artifact `a` when a run other than the one bound (twice) has to do with it. */
const IS_NEEDED = `(
  exists (select 1 from lineage as l where l.artifact_id = a.id and l.run_id <> ?)
  or (a.run_id <> ? and exists (select 1 from runs where runs.run_id = a.run_id)))`;

/** Letting go of old runs, for every SQL store. */
export const RETENTION_SCRIPTS: Scripted<RetentionStore> = {
  endedRuns: reading(function* endedRuns({ createdBeforeMs, after, limit }) {
    const position = after ? ` and (created_at_ms > ? or (created_at_ms = ? and run_id > ?))` : '';
    const values = after ? [after.createdAtMs, after.createdAtMs, after.runId] : [];
    const records: readonly SqlRecord[] = yield {
      sql: `select run_id, namespace, display_name, state, storage_state, created_at_ms, ended_at_ms, document_digest
        from runs where created_at_ms < ?${position} and state in ${FINAL} order by created_at_ms, run_id limit ${limit}`,
      values: [createdBeforeMs, ...values],
    };
    return records.map(endedRun);
  }),
  createdAtOfNewest: reading(function* createdAtOfNewest(namespace, count) {
    const [record] = yield {
      sql: `select created_at_ms from runs where namespace = ? and state in ${FINAL}
        order by created_at_ms desc, run_id desc limit 1 offset ${Math.max(0, count - 1)}`,
      values: [namespace],
    };
    return record && Number(record['created_at_ms']);
  }),
  artifactsOfRun: reading(function* artifactsOfRun(runId, below) {
    const records: readonly SqlRecord[] = yield {
      sql: `select a.id, a.uri, a.run_id, case when ${IS_NEEDED} then 1 else 0 end as is_needed from artifacts as a
        where a.run_id = ? or a.id in (select artifact_id from lineage where run_id = ?)`,
      values: [runId, runId, runId, runId],
    };
    // "0" follows "/": everything that begins with the folder's name and a slash.
    const foreign: readonly SqlRecord[] = yield {
      sql: 'select distinct uri from artifacts where uri >= ? and uri < ? and run_id <> ?',
      values: [`${below}/`, `${below}0`, runId],
    };
    return { artifacts: records.map(runArtifact), foreignUris: foreign.map(({ uri }) => uri as string) };
  }),
  removeCacheEntriesOfRun: writing(function* removeCacheEntries(runId) {
    const keys: readonly SqlRecord[] = yield {
      sql: `select runs.namespace, runs.pipeline_name, tasks.cache_key, tasks.task from tasks
        join runs on runs.run_id = tasks.run_id where tasks.run_id = ? and tasks.cache_key is not null`,
      values: [runId],
    };
    for (const { namespace, pipeline_name: pipelineName, cache_key: key, task } of keys) {
      yield {
        sql: 'delete from cache_entries where namespace = ? and pipeline_name = ? and key = ? and task_id = ?',
        values: [namespace as string, pipelineName as string, key as string, `${runId}.${String(task)}`],
      };
    }
  }),
  deleteArtifactsUsedOnlyBy: writing(function* deleteArtifacts(runId, artifactIds) {
    for (const id of artifactIds) {
      yield { sql: `delete from artifacts as a where a.id = ? and not ${IS_NEEDED}`, values: [id, runId, runId] };
    }
  }),
  deleteUnusedDocuments: durably(function* deleteDocuments(digests) {
    const deleted: { readonly digest: string; readonly body: string }[] = [];
    for (const digest of digests) {
      if (yield* isUsed(digest)) continue;
      const [document] = yield one('select body from documents where digest = ?', digest);
      if (!document) continue;
      yield one('delete from documents where digest = ?', digest);
      deleted.push({ digest, body: document['body'] as string });
    }
    return deleted;
  }),
  usedDocuments: reading(function* usedDocuments(digests) {
    const used: string[] = [];
    for (const digest of digests) if (yield* isUsed(digest)) used.push(digest);
    return used;
  }),
  existingRuns: reading(function* existingRuns(runIds) {
    const existing: string[] = [];
    for (const runId of runIds) {
      const [found] = yield one('select 1 as found from runs where run_id = ?', runId);
      if (found) existing.push(runId);
    }
    return existing;
  }),
};

/** Where digests of documents are kept. */
const REFERENCES = [
  ['runs', 'document_digest'],
  ['run_details', 'inline_spec_digest'],
  ['recurring_runs', 'inline_spec_digest'],
  ['pipeline_versions', 'spec_digest'],
  ['pipeline_versions', 'template_digest'],
] as const;

function* isUsed(digest: string): Script<boolean> {
  for (const [table, column] of REFERENCES) {
    const [found] = yield one(`select 1 as found from ${table} where ${column} = ? limit 1`, digest);
    if (found) return true;
  }
  return false;
}

const one = (sql: string, value: string): Statement => ({ sql, values: [value] });

function endedRun(record: SqlRecord): EndedRun {
  const createdAtMs = Number(record['created_at_ms']);
  return {
    runId: record['run_id'] as string,
    namespace: record['namespace'] as string,
    displayName: record['display_name'] as string,
    state: record['state'] as EndedRun['state'],
    isArchived: record['storage_state'] === 'ARCHIVED',
    createdAtMs,
    endedAtMs: record['ended_at_ms'] === null ? createdAtMs : Number(record['ended_at_ms']),
    documentDigest: record['document_digest'] as string,
  };
}

function runArtifact(record: SqlRecord): RunArtifact {
  return {
    id: record['id'] as string,
    uri: record['uri'] as string,
    runId: record['run_id'] as string,
    isNeeded: Number(record['is_needed']) === 1,
  };
}
