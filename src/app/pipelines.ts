import { ProductError } from '../base/errors.ts';
import type { PipelineRow, PipelineVersionRow } from '../store/catalogue-store.ts';
import { type App, DEFAULT_NAMESPACE } from './app.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { checkDescription, checkName, checkTags } from './name-limits.ts';
import { readPipelineFile, type PipelineFile } from './pipeline-file.ts';

/** How a pipeline or a version is called; of name and display name one is enough. */
export interface Naming {
  /** Of a new pipeline. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface Upload extends Naming {
  readonly content: Uint8Array;
  readonly fileName: string;
  readonly codeSourceUrl?: string | undefined;
  /** Where the file was fetched from. */
  readonly packageUrl?: string | undefined;
  /** How the first version of a new pipeline is called, if not like the pipeline. */
  readonly versionNaming?: Naming & { readonly codeSourceUrl?: string | undefined };
}

/** A pipeline without a version. Throws ALREADY_EXISTS. */
export async function createPipeline(app: App, naming: Naming): Promise<PipelineRow> {
  const row = newPipeline(app, naming);
  await app.catalogue.insertPipeline(row);
  return row;
}

/** A pipeline with its first version, of the same names. Throws INVALID_PIPELINE, ALREADY_EXISTS. */
export async function uploadPipeline(app: App, upload: Upload): Promise<{ pipeline: PipelineRow; version: PipelineVersionRow }> {
  const naming = { ...upload, name: upload.name || upload.displayName || upload.fileName };
  const pipeline = newPipeline(app, naming);
  const file = readPipelineFile(upload.content, upload.fileName);
  const { versionNaming = {} } = upload;
  const version = await newVersion(app, { ...naming, ...setFields(versionNaming), pipelineId: pipeline.pipelineId, file });
  await app.catalogue.insertPipeline(pipeline, version);
  return { pipeline, version };
}

/** Throws NOT_FOUND, INVALID_PIPELINE, ALREADY_EXISTS. */
export async function uploadVersion(app: App, upload: Upload & { readonly pipelineId: string }): Promise<PipelineVersionRow> {
  if (upload.pipelineId === '')
    throw new ProductError('INVALID_ARGUMENTS', 'pipelineid is missing: of which pipeline is this a version?');
  await getPipeline(app, upload.pipelineId);
  const file = readPipelineFile(upload.content, upload.fileName);
  const version = await newVersion(app, { ...upload, name: upload.name || upload.displayName || upload.fileName, file });
  await app.inTurn(upload.pipelineId, async () => {
    // It may have been deleted while the file was read.
    await getPipeline(app, upload.pipelineId);
    await app.catalogue.insertVersion(version);
  });
  return version;
}

function newPipeline({ clock, ids }: App, naming: Naming): PipelineRow {
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

interface NewVersion extends Naming {
  readonly pipelineId: string;
  readonly file: PipelineFile;
  readonly codeSourceUrl?: string | undefined;
  readonly packageUrl?: string | undefined;
}

async function newVersion({ clock, ids, documents }: App, given: NewVersion): Promise<PipelineVersionRow> {
  const name = given.name || given.displayName || '';
  checkName('PipelineVersion.Name', name);
  checkNaming(given);
  const { kind, spec, template } = given.file;
  return {
    pipelineVersionId: ids.uuid(),
    pipelineId: given.pipelineId,
    name,
    displayName: given.displayName || name,
    description: given.description ?? '',
    createdAtMs: clock.now(),
    codeSourceUrl: given.codeSourceUrl ?? '',
    packageUrl: given.packageUrl ?? '',
    tags: given.tags ?? {},
    kind,
    specDigest: await documents.save(spec),
    templateDigest: await documents.save(template),
  };
}

/** Without what is absent or empty. */
const setFields = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== '')) as Partial<T>;

function checkNaming({ description = '', tags = {} }: Naming): void {
  checkDescription(description);
  checkTags(tags);
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
    const row = changed(await getPipeline(app, pipelineId), changes);
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
    const row = changed(await getVersion(app, pipelineVersionId), changes);
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

function changed<Row extends { displayName: string; description: string; tags: Readonly<Record<string, string>> }>(
  row: Row,
  { displayName, description, tags }: Omit<Naming, 'name'>,
): Row {
  checkNaming({ description, tags });
  return {
    ...row,
    displayName: displayName || row.displayName,
    description: description || row.description,
    tags: tags ?? row.tags,
  };
}
