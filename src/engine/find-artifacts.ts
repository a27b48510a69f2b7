/** Answers importers and resolvers from the store's records of artifacts. */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { workspacePathOf } from '../ir/artifact-paths.ts';
import { valueToText } from '../ir/values.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import type { RunEvent } from '../model/events.ts';
import type { ArtifactRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';
import type { Command, ResolveQuery } from './effects.ts';

export interface ArtifactFinder {
  readonly store: Store;
  readonly artifacts: ArtifactStore;
  /** Folder of a run's workspace, where the executor has one. */
  readonly workspacePath?: (runId: string) => string;
}

type Found = Extract<RunEvent, { kind: 'artifacts-found' }>;
type FoundArtifact = Found['artifacts'][string][number];

export type FindCommand = Extract<Command, { kind: 'import' | 'resolve' }>;

/** What was found, or why that could not be found out; never rejects. */
export async function answerFind(finder: ArtifactFinder, command: FindCommand): Promise<RunEvent> {
  try {
    return command.kind === 'import' ? await runImport(finder, command) : await runResolve(finder, command);
  } catch (error) {
    const message = `could not find the artifacts of this task: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'not-found', task: command.task.number, message };
  }
}

/** An importer reuses the record with the same type, URI and at least its metadata, unless it is told to import anew. */
async function runImport(finder: ArtifactFinder, { run, task, request }: Extract<Command, { kind: 'import' }>): Promise<Found> {
  const { uri, type, reimport } = request;
  const scope = { namespace: run.namespace, pipelineName: run.plan.pipelineName };
  const metadata = request.downloadToWorkspace ? { ...request.metadata, _kfp_workspace: true } : request.metadata;
  if (request.downloadToWorkspace) await copyToWorkspace(finder, run.definition.runId, uri);
  const name = artifactTypeName(type);
  const known = reimport
    ? []
    : await finder.store.findArtifacts({ ...scope, uri, metadata, limit: 1, ...(name === '' ? {} : { typeName: name }) });
  const sizeBytes = await sizeOf(finder.artifacts, uri);
  const found: FoundArtifact = known[0]
    ? asFound(known[0])
    : { uri, metadata, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  return { kind: 'artifacts-found', task: task.number, artifacts: { [request.output]: [found] } };
}

/** KFP's importer does not look: what cannot be asked now may be there when a step reads it, or may only be passed on. */
async function sizeOf(artifacts: ArtifactStore, uri: string): Promise<number | undefined> {
  return artifacts.handles(uri) ? await artifacts.size(uri).catch(() => undefined) : undefined;
}

async function copyToWorkspace({ artifacts, workspacePath }: ArtifactFinder, runId: string, uri: string): Promise<void> {
  if (!workspacePath || !artifacts.handles(uri)) return;
  await artifacts.materialise(uri, workspacePathOf(uri, workspacePath(runId)));
}

/** The newest artifacts of the pipeline that match each query; none is a valid answer (the consumer's input is optional). */
async function runResolve(finder: ArtifactFinder, { run, task, queries }: Extract<Command, { kind: 'resolve' }>): Promise<Found> {
  const artifacts: Record<string, readonly FoundArtifact[]> = {};
  for (const query of queries) {
    const terms = parseFilter(query);
    const rows = await finder.store.findArtifacts({
      namespace: run.namespace,
      pipelineName: run.plan.pipelineName,
      limit: query.limit,
      ...(terms.typeName === undefined ? {} : { typeName: terms.typeName }),
      ...(terms.name === undefined ? {} : { name: terms.name }),
      ...(Object.keys(terms.metadata).length === 0 ? {} : { metadata: terms.metadata }),
    });
    if (rows.length > 0) artifacts[query.output] = rows.map(asFound);
  }
  return { kind: 'artifacts-found', task: task.number, artifacts };
}

function asFound({ id, uri, metadata, sizeBytes }: ArtifactRow): FoundArtifact {
  return { id, uri, metadata, ...(sizeBytes === null ? {} : { sizeBytes }) };
}

/**
 * TFX writes `schema_title="tfx.Model" AND state=LIVE AND metadata.blessed.number_value=1`: terms joined by AND, each an
 * equality. `state=LIVE` holds for every artifact we keep.
 */
function parseFilter({ filter, type }: ResolveQuery): { typeName?: string; name?: string; metadata: JsonObject } {
  let title = artifactTypeName(type);
  let name: string | undefined;
  const metadata: Record<string, JsonValue> = {};
  for (const term of filter.split(/\s+AND\s+/)) {
    const [, field, text] = /^\s*([\w.]+)\s*=\s*(.*?)\s*$/s.exec(term) ?? [];
    if (field === undefined || text === undefined) continue;
    const value = unquote(text);
    if (field === 'schema_title') title = valueToText(value);
    else if (field === 'name') name = valueToText(value);
    else if (field.startsWith('metadata.')) metadata[field.split('.')[1]!] = value;
  }
  return { metadata, ...(title === '' ? {} : { typeName: title }), ...(name === undefined ? {} : { name }) };
}

function unquote(text: string): JsonValue {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? text : value;
  } catch {
    return text;
  }
}
