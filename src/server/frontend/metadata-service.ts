/**
 * ML Metadata for reading, over our own rows: what KFP's web frontend draws graphs, inputs, outputs and lists from. Contexts are runs
 * and pipelines, executions are tasks.
 */
import { ARTIFACT_TYPES } from '../../api/artifact-types.ts';
import type { App } from '../../app/app.ts';
import { knownIds } from './known-ids.ts';
import {
  EXECUTION_TYPES,
  PIPELINE_CONTEXT_TYPE,
  RUN_CONTEXT_TYPE,
  runContext,
  typeIdOf,
  typeMessage,
} from './metadata-messages.ts';
import { type ListOptions, MetadataReader } from './metadata-reader.ts';
import { intsOf, type ProtoField, ProtoWriter, readProto, textOf } from './protobuf.ts';

type Fields = ReadonlyMap<number, readonly ProtoField[]>;
export type MetadataMethod = (request: Fields) => Promise<ProtoWriter>;

const DEFAULT_PAGE = 100;
const MAX_PAGE = 1_000;

export function metadataService(app: App): Readonly<Record<string, MetadataMethod>> {
  const ids = knownIds(app);
  const reader = new MetadataReader(app, ids);
  const typeNames = [...ARTIFACT_TYPES, ...EXECUTION_TYPES, RUN_CONTEXT_TYPE, PIPELINE_CONTEXT_TYPE];
  const typesById = (names: readonly string[]) => async (request: Fields) => {
    const wanted = new Set(intsOf(request, 1));
    return repeated(1, names.filter((name) => wanted.has(typeIdOf(name))).map(typeMessage));
  };
  return {
    async GetContextByTypeAndName(request) {
      if (textOf(request, 1) !== RUN_CONTEXT_TYPE) return new ProtoWriter();
      const run = await app.store.getRun(textOf(request, 2));
      if (!run) return new ProtoWriter();
      ids.show(run.runId);
      return new ProtoWriter().message(1, runContext(run));
    },
    async GetExecutionsByContext(request) {
      const tasks = await reader.tasksOfContext(intsOf(request, 1)[0] ?? 0);
      return repeated(1, reader.executions(tasks));
    },
    async GetArtifactsByContext(request) {
      const runId = ids.textOf(intsOf(request, 1)[0] ?? 0);
      if (runId === undefined) return new ProtoWriter();
      const lineage = await reader.runs.lineage(runId);
      return repeated(1, await reader.artifacts(lineage.map(({ artifactId }) => artifactId)));
    },
    GetEventsByExecutionIDs: async (request) => repeated(1, await reader.eventsOfExecutions(intsOf(request, 1))),
    GetEventsByArtifactIDs: async (request) => repeated(1, await reader.eventsOfArtifacts(intsOf(request, 1))),
    async GetArtifactsByID(request) {
      const rows = await ids.artifacts(intsOf(request, 1));
      return repeated(
        1,
        rows.map((row) => reader.artifact(row)),
      );
    },
    GetExecutionsByID: async (request) => repeated(1, await reader.executionsById(intsOf(request, 1))),
    GetArtifactTypes: async () => repeated(1, ARTIFACT_TYPES.map(typeMessage)),
    GetExecutionTypes: async () => repeated(1, EXECUTION_TYPES.map(typeMessage)),
    GetArtifactTypesByID: typesById(typeNames),
    GetExecutionTypesByID: typesById(typeNames),
    async GetContextType(request) {
      const name = textOf(request, 1);
      return typeNames.includes(name) ? new ProtoWriter().message(1, typeMessage(name)) : new ProtoWriter();
    },
    GetContextsByExecution: async (request) => repeated(1, await reader.contextsOf(ids.textOf(intsOf(request, 1)[0] ?? 0))),
    async GetContextsByArtifact(request) {
      const [row] = await ids.artifacts(intsOf(request, 1).slice(0, 1));
      return repeated(1, await reader.contextsOf(row && `${row.runId}.${row.task}`));
    },
    async GetArtifacts(request) {
      const page = await reader.artifactPage(optionsOf(request));
      return repeated(
        1,
        page.rows.map((row) => reader.artifact(row)),
      ).text(2, page.nextToken || undefined);
    },
    async GetExecutions(request) {
      const page = await reader.executionPage(optionsOf(request));
      return repeated(1, reader.executions(page.tasks)).text(2, page.nextToken || undefined);
    },
    async GetArtifactsByURI(request) {
      const uris = (request.get(2) ?? []).flatMap((value) =>
        value instanceof Uint8Array ? [new TextDecoder().decode(value)] : [],
      );
      return repeated(1, await reader.artifactsByUri(uris));
    },
  };
}

function optionsOf(request: Fields): ListOptions {
  const bytes = request.get(1)?.at(-1);
  const options: Fields = bytes instanceof Uint8Array ? readProto(bytes) : new Map();
  const size = intsOf(options, 1)[0] ?? 0;
  return { size: Math.min(size || DEFAULT_PAGE, MAX_PAGE), token: textOf(options, 3) };
}

function repeated(field: number, messages: readonly ProtoWriter[]): ProtoWriter {
  const writer = new ProtoWriter();
  for (const message of messages) writer.message(field, message);
  return writer;
}
