import { ProductError } from '../base/errors.ts';
import type { PipelineRow } from '../store/catalogue-store.ts';
import { type App, DEFAULT_NAMESPACE } from './app.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { checkName } from './name-limits.ts';
import { checkNaming, type Naming, renamed } from './pipeline-naming.ts';

/** A pipeline without a version. Throws ALREADY_EXISTS. */
export async function createPipeline(app: App, naming: Naming): Promise<PipelineRow> {
  const row = newPipeline(app, naming);
  await app.catalogue.insertPipeline(row);
  return row;
}

/** Not recorded yet. */
export function newPipeline({ clock, ids }: App, naming: Naming): PipelineRow {
  const name = naming.name || naming.displayName || '';
  checkName('Pipeline.Name', name);
  checkNaming(naming);
  return {
    pipelineId: ids.uuid(),
    namespace: naming.namespace ?? DEFAULT_NAMESPACE,
    name,
    displayName: naming.displayName || name,
    description: naming.description ?? '',
    createdAtMs: clock.now(),
    tags: naming.tags ?? {},
    defaultVersionId: null,
  };
}

/** Throws NOT_FOUND. */
export async function getPipeline({ catalogue }: App, pipelineId: string): Promise<PipelineRow> {
  const row = await catalogue.getPipeline(pipelineId);
  if (!row) throw new ProductError('NOT_FOUND', `Pipeline ${pipelineId} not found`);
  return row;
}

export async function getPipelineByName({ catalogue }: App, name: string, namespace = DEFAULT_NAMESPACE): Promise<PipelineRow> {
  const row = await catalogue.findPipeline({ namespace, name });
  if (!row) throw new ProductError('NOT_FOUND', `Namespace/Pipeline ${namespace}/${name} not found`);
  return row;
}

export function listPipelines({ catalogue }: App, request: ListRequest): Promise<ListReply<PipelineRow>> {
  return listPage('pipelines', request, (query) => catalogue.listPipelines(query));
}

/** What is absent or "" stays; tags are replaced as a whole. */
export function updatePipeline(app: App, pipelineId: string, changes: Omit<Naming, 'name'>): Promise<PipelineRow> {
  return app.inTurn(pipelineId, async () => {
    const row = renamed(await getPipeline(app, pipelineId), changes);
    await app.catalogue.updatePipeline(row);
    return row;
  });
}

/** Throws INVALID_ARGUMENTS while there are versions, unless they are to go with it. */
export async function deletePipeline(app: App, pipelineId: string, { cascade }: { readonly cascade: boolean }): Promise<void> {
  await app.inTurn(pipelineId, async () => {
    await getPipeline(app, pipelineId);
    if (!cascade && (await app.catalogue.newestVersion(pipelineId))) {
      const message = `Failed to delete the pipeline ${pipelineId}: it has existing pipeline versions. Set cascade=true to delete them as well`;
      throw new ProductError('INVALID_ARGUMENTS', message);
    }
    await app.catalogue.deletePipeline(pipelineId);
  });
}
