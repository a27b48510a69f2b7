import type { SQLInputValue } from 'node:sqlite';
import { sql } from 'kysely';
import { canonicalJson } from '../../base/json.ts';
import type { JsonObject } from '../../base/json.ts';
import type { ArtifactRow, LineageRow } from '../../model/run.ts';
import { artifactTypeName } from '../../model/artifact-type-name.ts';
import { artifactRow, lineageRow } from '../records.ts';
import type { ArtifactRecord, LineageRecord } from '../schema.ts';
import type { ArtifactQuery } from '../store.ts';
import type { Session } from './session.ts';
import { prepare } from './session.ts';

export function getArtifactWith(session: Session): (id: string) => ArtifactRow | undefined {
  const statement = prepare(session, session.kysely.selectFrom('artifacts').selectAll().where('id', '=', ''));
  return (id) => {
    const record = statement.get(id);
    return record && artifactRow(record as unknown as ArtifactRecord);
  };
}

/**
 * The newest artifacts of one pipeline. Metadata is compared here, row by row from the newest, and reading stops once there
 * are enough: databases differ in how they compare JSON.
 */
export function findArtifacts(session: Session, query: ArtifactQuery): readonly ArtifactRow[] {
  const compiled = artifactsQuery(session, query).compile();
  const found: ArtifactRow[] = [];
  if (query.limit <= 0) return found;
  for (const record of session.database.prepare(compiled.sql).iterate(...(compiled.parameters as SQLInputValue[]))) {
    const row = artifactRow(record as unknown as ArtifactRecord);
    if (matches(row, query)) found.push(row);
    if (found.length === query.limit) break;
  }
  return found;
}

/**
 * The rows `findArtifacts` looks through. With a URI they are so few that the type is compared afterwards: asked for both, the
 * planner would walk along all artifacts of the type, since those are in order already.
 */
export function artifactsQuery({ kysely }: Pick<Session, 'kysely'>, query: ArtifactQuery) {
  let select = kysely
    .selectFrom('artifacts')
    .selectAll()
    .where('namespace', '=', query.namespace)
    .where('pipeline_name', '=', query.pipelineName);
  if (query.uri !== undefined) select = select.where('uri', '=', query.uri);
  else if (query.typeName !== undefined) select = select.where('type_name', '=', query.typeName);
  if (query.name !== undefined) select = select.where('name', '=', query.name);
  // The plus keeps the planner from walking along all artifacts of the pipeline only because they are in order already.
  if (query.uri !== undefined) return select.orderBy(sql`+created_at_ms`, 'desc').orderBy('id', 'desc');
  return select.orderBy('created_at_ms', 'desc').orderBy('id', 'desc');
}

function matches(row: ArtifactRow, { typeName, metadata = {} }: ArtifactQuery): boolean {
  return (typeName === undefined || artifactTypeName(row.type) === typeName) && hasMembers(row.metadata, metadata);
}

function hasMembers(metadata: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => Object.hasOwn(metadata, name) && canonicalJson(metadata[name]) === canonicalJson(value),
  );
}

/** Oldest run first; within a run in the order in which its tasks were created. */
export function lineageOfArtifactWith(session: Session): (artifactId: string) => readonly LineageRow[] {
  const statement = prepare(
    session,
    session.kysely
      .selectFrom('lineage')
      .leftJoin('runs', 'runs.run_id', 'lineage.run_id')
      .selectAll('lineage')
      .where('artifact_id', '=', '')
      .orderBy('runs.created_at_ms')
      .orderBy('lineage.run_id')
      .orderBy('lineage.task')
      .orderBy('lineage.direction', 'desc')
      .orderBy('lineage.name')
      .orderBy('lineage.position'),
  );
  return (artifactId) => (statement.all(artifactId) as unknown as LineageRecord[]).map(lineageRow);
}

export function lineageOfRunWith(session: Session): (runId: string) => readonly LineageRow[] {
  const statement = prepare(
    session,
    session.kysely
      .selectFrom('lineage')
      .selectAll()
      .where('run_id', '=', '')
      .orderBy('task')
      .orderBy('direction')
      .orderBy('name')
      .orderBy('position'),
  );
  return (runId) => (statement.all(runId) as unknown as LineageRecord[]).map(lineageRow);
}
