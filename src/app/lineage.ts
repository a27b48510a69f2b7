import { ProductError } from '../base/errors.ts';
import type { ArtifactRow, LineageRow, RunRow, TaskRow } from '../model/run.ts';
import type { App } from './app.ts';

export interface Lineage {
  readonly artifacts: readonly ArtifactRow[];
  readonly executions: readonly { readonly task: TaskRow; readonly run: RunRow }[];
  readonly edges: readonly LineageRow[];
  readonly isTruncated: boolean;
}

/** Throws NOT_FOUND. */
export async function getArtifact({ store }: App, artifactId: string): Promise<ArtifactRow> {
  const row = await store.getArtifact(artifactId);
  if (!row) throw new ProductError('NOT_FOUND', `Artifact ${artifactId} not found`);
  return row;
}

const MAX_EXECUTIONS = 200;

/**
 * What made an artifact and what used it, and so on up to `depth` executions away, across runs. Groups are left out: what they hand
 * through was made by a step.
 */
export async function artifactLineage(app: App, artifactId: string, depth: number): Promise<Lineage> {
  const artifacts = new Map<string, ArtifactRow>([[artifactId, await getArtifact(app, artifactId)]]);
  const executions = new Map<string, { readonly task: TaskRow; readonly run: RunRow }>();
  const edges = new Map<string, LineageRow>();
  const runs = new Map<string, Promise<RunParts | undefined>>();
  const partsOf = (runId: string) => {
    let parts = runs.get(runId);
    if (!parts) runs.set(runId, (parts = loadRun(app, runId)));
    return parts;
  };
  let isTruncated = false;
  let frontier: readonly string[] = [artifactId];
  for (let step = 0; step < depth && frontier.length > 0; step += 1) {
    const next = new Set<string>();
    for (const id of frontier) {
      for (const row of await app.store.lineageOfArtifact(id)) {
        const parts = await partsOf(row.runId);
        const task = parts?.tasks.get(row.task);
        if (!parts || !task || task.kind === 'dag' || task.kind === 'loop') continue;
        const key = `${row.runId}.${row.task}`;
        edges.set(edgeKey(row), row);
        if (executions.has(key)) continue;
        if (executions.size >= MAX_EXECUTIONS) {
          isTruncated = true;
          continue;
        }
        executions.set(key, { task, run: parts.run });
        for (const other of parts.lineage.get(row.task) ?? []) {
          edges.set(edgeKey(other), other);
          if (!artifacts.has(other.artifactId)) next.add(other.artifactId);
        }
      }
    }
    for (const id of next) {
      const row = await app.store.getArtifact(id);
      if (row) artifacts.set(id, row);
    }
    frontier = [...next];
  }
  const shown = [...edges.values()].filter(
    ({ artifactId: id, runId, task }) => artifacts.has(id) && executions.has(`${runId}.${task}`),
  );
  return { artifacts: [...artifacts.values()], executions: [...executions.values()], edges: shown, isTruncated };
}

interface RunParts {
  readonly run: RunRow;
  readonly tasks: ReadonlyMap<number, TaskRow>;
  readonly lineage: ReadonlyMap<number, readonly LineageRow[]>;
}

async function loadRun({ store }: App, runId: string): Promise<RunParts | undefined> {
  const run = await store.getRun(runId);
  if (!run) return undefined;
  const tasks = new Map((await store.listTasks(runId)).map((task) => [task.task, task]));
  return { run, tasks, lineage: Map.groupBy(await store.lineageOfRun(runId), ({ task }) => task) };
}

const edgeKey = ({ runId, task, artifactId, direction, name, position }: LineageRow): string =>
  [runId, task, artifactId, direction, name, position].join(' ');
