import { ProductError } from '../base/errors.ts';
import type { PipelineRow, PipelineVersionRow } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { checkName } from './name-limits.ts';
import { type PipelineFile, readPipelineFile } from './pipeline-file.ts';
import { checkNaming, type Naming } from './pipeline-naming.ts';
import { getPipeline, newPipeline } from './pipelines.ts';

export interface Upload extends Naming {
  readonly content: Uint8Array;
  readonly fileName: string;
  readonly codeSourceUrl?: string | undefined;
  /** Where the file was fetched from. */
  readonly packageUrl?: string | undefined;
  /** How the first version of a new pipeline is called, if not like the pipeline. */
  readonly versionNaming?: Naming & { readonly codeSourceUrl?: string | undefined };
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
