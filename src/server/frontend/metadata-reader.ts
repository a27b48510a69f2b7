import type { App } from '../../app/app.ts';
import { taskId } from '../../app/tasks.ts';
import type { ArtifactRow, LineageRow, RunRow, TaskRow } from '../../model/run.ts';
import type { KnownIds } from './known-ids.ts';
import { artifactMessage, eventMessage, execution, pipelineContext, runContext } from './metadata-messages.ts';
import { shownUri } from './object-path.ts';
import type { ProtoWriter } from './protobuf.ts';
import { type RememberedRuns, rememberedRuns } from './remembered-runs.ts';

export interface ListOptions {
  readonly size: number;
  readonly token: string;
}

/** How many artifacts one URI is shown to have at most. */
const MAX_OF_A_URI = 100;

/** Finds rows and shows them, remembering the numbers they are shown under. */
export class MetadataReader {
  readonly #app: App;
  readonly #ids: KnownIds;
  readonly runs: RememberedRuns;

  constructor(app: App, ids: KnownIds) {
    this.#app = app;
    this.#ids = ids;
    this.runs = rememberedRuns(app.store);
  }

  async tasksOfContext(number: number): Promise<readonly TaskRow[]> {
    const runId = this.#ids.textOf(number);
    return runId === undefined ? [] : await this.runs.tasks(runId);
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
      [...wanted].map(async ([runId, tasks]) => (await this.runs.lineage(runId)).filter(({ task }) => tasks.has(task))),
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
      if (run) tasks.push(...(await this.runs.tasks(run.runId)));
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
          limit: MAX_OF_A_URI,
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
