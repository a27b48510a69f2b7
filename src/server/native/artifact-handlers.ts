import { artifactFiles } from '../../app/artifact-files.ts';
import { artifactLineage, getArtifact } from '../../app/lineage.ts';
import { taskId } from '../../app/tasks.ts';
import type { LineageRow } from '../../model/run.ts';
import { ProductError } from '../../base/errors.ts';
import { listPage } from '../../app/list-request.ts';
import type { Context } from '../context.ts';
import { guardNamed } from '../guard-named.ts';
import { listRequest, pageFields } from '../v2beta1/lists.ts';
import type { NativeHandlers } from './run-handlers.ts';
import { artifactRowMessage, type NativeMessage } from './messages.ts';

const DEFAULT_DEPTH = 2;
const MAX_DEPTH = 10;
const MAX_PAGE = 1_000;

export const artifactHandlers: Pick<
  NativeHandlers,
  'Artifact_List' | 'Artifact_Get' | 'ArtifactTask_List' | 'Artifact_GetLineage' | 'Artifact_ListFiles'
> = {
  async Artifact_List({ query }, context) {
    const request = listRequest(query, context.namespaces.withinRuns(query.namespace));
    const page = await listPage('artifacts', request, (list) => context.app.catalogue.listArtifacts(list));
    return { artifacts: page.rows.map((row) => artifactRowMessage(context, row)), ...pageFields(page) };
  },
  Artifact_Get: async ({ params }, context) => artifactRowMessage(context, await getArtifact(context.app, params.artifact_id)),
  async ArtifactTask_List({ query }, context) {
    const rows = await lineageRows(context, query);
    await guardNamed(
      context,
      'runs:list',
      [...new Set(rows.map(({ runId }) => runId))].map((id) => ({ run_id: id })),
    );
    const wanted = rows.filter((row) => !query.type || query.type === 'UNSPECIFIED' || typeOf(row) === query.type);
    const start = query.page_token && /^\d{1,9}$/.test(query.page_token) ? Number(query.page_token) : 0;
    const size = Math.min(Math.max(0, query.page_size ?? 0) || MAX_PAGE, MAX_PAGE);
    return {
      artifact_tasks: wanted.slice(start, start + size).map(artifactTask),
      total_size: wanted.length,
      next_page_token: start + size < wanted.length ? String(start + size) : '',
    };
  },
  async Artifact_GetLineage({ params, query }, context) {
    const depth = Math.min(query.depth || DEFAULT_DEPTH, MAX_DEPTH);
    const lineage = await artifactLineage(context.app, params.artifact_id, depth);
    return {
      artifacts: lineage.artifacts.map((row) => artifactRowMessage(context, row)),
      executions: lineage.executions.map(({ task, run }) => ({
        task_id: taskId(task),
        run_id: run.runId,
        run_name: run.displayName,
        pipeline_name: run.pipelineName,
        path: task.path,
        display_name: task.displayName,
        state: task.state,
      })),
      edges: lineage.edges.map((row) => ({
        artifact_id: row.artifactId,
        task_id: taskId(row),
        direction: row.direction,
        name: row.name,
      })),
      is_truncated: lineage.isTruncated,
    };
  },
  async Artifact_ListFiles({ params }, { app }) {
    const { isFolder, files, isTruncated } = await artifactFiles(app, await getArtifact(app, params.artifact_id));
    return {
      is_folder: isFolder,
      files: files.map(({ path, sizeBytes }) => ({ path, size_bytes: sizeBytes })),
      is_truncated: isTruncated,
    };
  },
};

async function lineageRows(
  { app }: Context,
  query: {
    readonly run_ids?: readonly string[];
    readonly artifact_ids?: readonly string[];
    readonly task_ids?: readonly string[];
  },
): Promise<readonly LineageRow[]> {
  const { run_ids: runIds = [], artifact_ids: artifactIds = [], task_ids: taskIds = [] } = query;
  if (runIds.length + artifactIds.length + taskIds.length === 0) {
    throw new ProductError('INVALID_ARGUMENTS', 'one of task_ids, run_ids and artifact_ids is needed');
  }
  const runs = new Set([...runIds, ...taskIds.map((id) => id.slice(0, id.lastIndexOf('.')))]);
  const found = [
    ...(await Promise.all([...runs].map((id) => app.store.lineageOfRun(id)))).flat(),
    ...(await Promise.all(artifactIds.map((id) => app.store.lineageOfArtifact(id)))).flat(),
  ];
  return found.filter(
    (row) =>
      (runIds.length === 0 || runIds.includes(row.runId)) &&
      (artifactIds.length === 0 || artifactIds.includes(row.artifactId)) &&
      (taskIds.length === 0 || taskIds.includes(taskId(row))),
  );
}

const typeOf = ({ direction }: LineageRow) => (direction === 'input' ? 'COMPONENT_INPUT' : 'OUTPUT');

function artifactTask(row: LineageRow): NativeMessage<'ArtifactTask'> {
  return {
    id: [taskId(row), row.direction, row.name, row.position].join('/'),
    artifact_id: row.artifactId,
    run_id: row.runId,
    task_id: taskId(row),
    type: typeOf(row),
    key: row.name,
  };
}
