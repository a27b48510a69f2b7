/**
 * ML Metadata for reading, over our own rows: what KFP's web frontend draws graphs, inputs, outputs and lists from. Contexts are runs
 * and pipelines, executions are tasks.
 */
import { ARTIFACT_TYPES } from '../../api/artifact-types.ts';
import type { App } from '../../app/app.ts';
import { taskId } from '../../app/tasks.ts';
import type { ArtifactRow, LineageRow, RunRow, TaskRow } from '../../model/run.ts';
import { knownIds, type KnownIds } from './known-ids.ts';
import {
  artifactMessage,
  eventMessage,
  EXECUTION_TYPES,
  execution,
  PIPELINE_CONTEXT_TYPE,
  pipelineContext,
  RUN_CONTEXT_TYPE,
  runContext,
  typeIdOf,
  typeMessage,
} from './metadata-messages.ts';
import { shownUri } from './object-path.ts';
import { intsOf, ProtoWriter, readProto, textOf, type ProtoField } from './protobuf.ts';

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
      const lineage = await app.store.lineageOfRun(runId);
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

interface ListOptions {
  readonly size: number;
  readonly token: string;
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

/** Finds rows and shows them, remembering the numbers they are shown under. */
class MetadataReader {
  readonly #app: App;
  readonly #ids: KnownIds;

  constructor(app: App, ids: KnownIds) {
    this.#app = app;
    this.#ids = ids;
  }

  async tasksOfContext(number: number): Promise<readonly TaskRow[]> {
    const runId = this.#ids.textOf(number);
    return runId === undefined ? [] : await this.#app.store.listTasks(runId);
  }

  executions(tasks: readonly TaskRow[]): readonly ProtoWriter[] {
    const children = Map.groupBy(tasks, ({ parentTask }) => parentTask);
    return tasks.map((task) => {
      this.#ids.show(taskId(task));
      return execution(task, children.get(task.task)?.length ?? 0);
    });
  }

  artifact(row: ArtifactRow): ProtoWriter {
    this.#ids.show(row.id);
    this.#ids.show(row.runId);
    this.#ids.show(taskId(row));
    return artifactMessage(row, shownUri(row.uri, this.#app.artifacts.defaultPipelineRoot));
  }

  async artifacts(artifactIds: readonly string[]): Promise<readonly ProtoWriter[]> {
    const rows = await Promise.all([...new Set(artifactIds)].map((id) => this.#app.store.getArtifact(id)));
    return rows.flatMap((row) => (row ? [this.artifact(row)] : []));
  }

  async eventsOfExecutions(numbers: readonly number[]): Promise<readonly ProtoWriter[]> {
    const wanted = new Map<string, Set<number>>();
    for (const [runId, task] of this.#taskNumbers(numbers)) {
      const tasks = wanted.get(runId) ?? new Set();
      wanted.set(runId, tasks.add(task));
    }
    const lists = await Promise.all(
      [...wanted].map(async ([runId, tasks]) =>
        (await this.#app.store.lineageOfRun(runId)).filter(({ task }) => tasks.has(task)),
      ),
    );
    return lists.flat().map((row) => this.#event(row));
  }

  async eventsOfArtifacts(numbers: readonly number[]): Promise<readonly ProtoWriter[]> {
    const rows = await this.#ids.artifacts(numbers);
    const lists = await Promise.all(rows.map((row) => this.#app.store.lineageOfArtifact(row.id)));
    return lists.flat().map((row) => this.#event(row));
  }

  async executionsById(numbers: readonly number[]): Promise<readonly ProtoWriter[]> {
    const found = await Promise.all(
      this.#taskNumbers(numbers).map(async ([runId, number]) => {
        const task = await this.#app.store.getTask(runId, number);
        return task ? [task] : [];
      }),
    );
    return this.executions(found.flat());
  }

  /** The run and the pipeline of a task. */
  async contextsOf(id: string | undefined): Promise<readonly ProtoWriter[]> {
    const run = id === undefined ? undefined : await this.#app.store.getRun(id.slice(0, id.lastIndexOf('.')));
    if (!run) return [];
    this.#ids.show(run.runId);
    return [runContext(run), pipelineContext(run)];
  }

  async artifactPage({ size, token }: ListOptions) {
    const { rows, next } = await this.#app.catalogue.listArtifacts({
      predicates: [],
      sort: { field: 'created_at_ms', descending: true },
      limit: size,
      ...positionOf(token),
    });
    return { rows, nextToken: tokenOf(next) };
  }

  /** Tasks of whole runs, so many runs that a page is full. */
  async executionPage({ size, token }: ListOptions) {
    const tasks: TaskRow[] = [];
    let position = positionOf(token);
    for (;;) {
      const { rows, next } = await this.#app.catalogue.listCataloguedRuns({
        predicates: [],
        sort: { field: 'created_at_ms', descending: true },
        limit: 1,
        ...position,
      });
      const run: RunRow | undefined = rows[0]?.run;
      if (run) tasks.push(...(await this.#app.store.listTasks(run.runId)));
      if (tasks.length >= size || !next) return { tasks, nextToken: tokenOf(next) };
      position = { after: next };
    }
  }

  async artifactsByUri(uris: readonly string[]): Promise<readonly ProtoWriter[]> {
    const lists = await Promise.all(
      uris.map((uri) =>
        this.#app.catalogue.listArtifacts({
          predicates: [{ field: 'uri', operation: 'eq', values: [uri] }],
          sort: { field: 'created_at_ms', descending: true },
          limit: DEFAULT_PAGE,
        }),
      ),
    );
    return lists.flatMap(({ rows }) => rows.map((row) => this.artifact(row)));
  }

  #event(row: LineageRow): ProtoWriter {
    this.#ids.show(row.artifactId);
    this.#ids.show(taskId(row));
    return eventMessage(row, this.#app.clock.now());
  }

  #taskNumbers(numbers: readonly number[]): readonly (readonly [string, number])[] {
    return numbers.flatMap((number) => {
      const id = this.#ids.textOf(number);
      const dot = id?.lastIndexOf('.') ?? -1;
      return id === undefined || dot < 0 ? [] : [[id.slice(0, dot), Number(id.slice(dot + 1))] as const];
    });
  }
}

type Position = { readonly value: string | number; readonly id: string } | undefined;

const tokenOf = (next: Position): string =>
  next ? Buffer.from(JSON.stringify([next.value, next.id])).toString('base64url') : '';

function positionOf(token: string): { readonly after?: NonNullable<Position> } {
  if (token === '') return {};
  try {
    const [value, id] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [unknown, unknown];
    const isPosition = (typeof value === 'string' || typeof value === 'number') && typeof id === 'string';
    return isPosition ? { after: { value, id } } : {};
  } catch {
    return {};
  }
}
