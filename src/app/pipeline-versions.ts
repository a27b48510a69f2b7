import { ProductError } from '../base/errors.ts';
import type { PipelineRow, PipelineVersionRow } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { type Naming, renamed } from './pipeline-naming.ts';
import { getPipeline } from './pipelines.ts';

/** Throws NOT_FOUND, also if the version belongs to another pipeline than the one named. */
export async function getVersion(
  { catalogue }: App,
  versionId: string,
  { pipelineId }: { readonly pipelineId?: string } = {},
): Promise<PipelineVersionRow> {
  const row = await catalogue.getVersion(versionId);
  if (!row || (pipelineId !== undefined && row.pipelineId !== pipelineId)) {
    throw new ProductError('NOT_FOUND', `PipelineVersion ${versionId} not found`);
  }
  return row;
}

export function listVersions(
  { catalogue }: App,
  pipelineId: string,
  request: ListRequest,
): Promise<ListReply<PipelineVersionRow>> {
  const within = [{ field: 'pipeline_id', operation: 'eq', values: [pipelineId] }] as const;
  return listPage('pipeline_versions', { ...request, within }, (query) => catalogue.listVersions(query));
}

/** As updatePipeline. */
export function updateVersion(
  app: App,
  { pipelineVersionId }: PipelineVersionRow,
  changes: Omit<Naming, 'name'>,
): Promise<PipelineVersionRow> {
  return app.inTurn(pipelineVersionId, async () => {
    const row = renamed(await getVersion(app, pipelineVersionId), changes);
    await app.catalogue.updateVersion(row);
    return row;
  });
}

export async function deleteVersion(app: App, version: PipelineVersionRow): Promise<void> {
  await app.catalogue.deleteVersion(version.pipelineVersionId);
}

/** The version chosen by hand, else the newest; undefined if there is none. */
export async function defaultVersion({ catalogue }: App, pipeline: PipelineRow): Promise<PipelineVersionRow | undefined> {
  const chosen = pipeline.defaultVersionId === null ? undefined : await catalogue.getVersion(pipeline.defaultVersionId);
  return chosen ?? (await catalogue.newestVersion(pipeline.pipelineId));
}

export async function chooseDefaultVersion(app: App, pipelineId: string, versionId: string): Promise<void> {
  await app.inTurn(pipelineId, async () => {
    const pipeline = await getPipeline(app, pipelineId);
    await getVersion(app, versionId, { pipelineId });
    await app.catalogue.updatePipeline({ ...pipeline, defaultVersionId: versionId });
  });
}
