import { ProductError } from '../../base/errors.ts';
import { EXIT } from '../command-error.ts';
import { confirmed } from '../server/confirm.ts';
import { findId, findVersionId } from '../server/find-object.ts';
import { PIPELINE, PIPELINE_VERSION } from '../server/kinds.ts';
import { type ListOptions, listQuery } from '../server/list-query.ts';
import { note, packageToUpload } from '../server/pipeline-package.ts';
import { printDeleted, printList, printObject } from '../server/print-objects.ts';
import { pipelineOfVersion } from '../server/run-source.ts';
import { openSession, type ServerOptions, type Session } from '../server/session.ts';

export interface CreateOptions extends ServerOptions {
  readonly pipelineName?: string;
  readonly description?: string;
  /** Which pipeline of a TypeScript file. */
  readonly pipeline?: string;
}

/** `pipeline create FILE`: a pipeline with its first version. */
export async function create(file: string, options: CreateOptions): Promise<number> {
  const session = openSession(options);
  const pipeline = await session.kfp.upload('UploadPipeline', {
    file: await packageToUpload(file, chosen(options)),
    query: { name: options.pipelineName, description: options.description, namespace: session.connection.namespace },
  });
  printObject(PIPELINE, pipeline, session.output);
  note(`${session.connection.endpoint}/#/pipelines/details/${pipeline.pipeline_id ?? ''}`);
  return EXIT.ok;
}

export interface CreateVersionOptions extends ServerOptions {
  readonly pipelineVersion: string;
  readonly pipelineId?: string;
  readonly pipelineName?: string;
  readonly description?: string;
  readonly pipeline?: string;
}

/** `pipeline create-version FILE -v NAME -n PIPELINE`. */
export async function createVersion(file: string, options: CreateVersionOptions): Promise<number> {
  const session = openSession(options);
  if ((options.pipelineId === undefined) === (options.pipelineName === undefined))
    throw new ProductError('INVALID_USAGE', 'say which pipeline: --pipeline-id ID or --pipeline-name NAME, one of them');
  const pipelineId = await findId(session, 'pipeline', options.pipelineId ?? options.pipelineName!);
  const version = await session.kfp.upload('UploadPipelineVersion', {
    file: await packageToUpload(file, chosen(options)),
    query: { name: options.pipelineVersion, pipelineid: pipelineId, description: options.description },
  });
  printObject(PIPELINE_VERSION, version, session.output);
  return EXIT.ok;
}

export async function list(options: ServerOptions & ListOptions): Promise<number> {
  const { kfp, connection, output } = openSession(options);
  const query = { ...listQuery(options), namespace: connection.namespace };
  const { pipelines = [], next_page_token } = await kfp.call('PipelineService_ListPipelines', { query });
  printList(PIPELINE, pipelines, { output, nextPageToken: next_page_token });
  return EXIT.ok;
}

export async function listVersions(pipeline: string, options: ServerOptions & ListOptions): Promise<number> {
  const session = openSession(options);
  const { pipeline_versions = [], next_page_token } = await session.kfp.call('PipelineService_ListPipelineVersions', {
    params: { pipeline_id: await findId(session, 'pipeline', pipeline) },
    query: listQuery(options),
  });
  printList(PIPELINE_VERSION, pipeline_versions, { output: session.output, nextPageToken: next_page_token });
  return EXIT.ok;
}

export async function get(pipeline: string, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  const params = { pipeline_id: await findId(session, 'pipeline', pipeline) };
  printObject(PIPELINE, await session.kfp.call('PipelineService_GetPipeline', { params }), session.output);
  return EXIT.ok;
}

/** `pipeline get-version PIPELINE VERSION`; as in older kfp, the version's id alone will do. */
export async function getVersion(given: VersionArguments, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  const params = await versionParams(session, given);
  printObject(PIPELINE_VERSION, await session.kfp.call('PipelineService_GetPipelineVersion', { params }), session.output);
  return EXIT.ok;
}

export interface DeleteOptions extends ServerOptions {
  readonly yes?: true;
  readonly cascade?: true;
}

export async function remove(pipeline: string, options: DeleteOptions): Promise<number> {
  const session = openSession(options);
  const id = await findId(session, 'pipeline', pipeline);
  if (!(await confirmed(`Delete the pipeline ${pipeline}${options.cascade ? ' and all its versions' : ''}?`, options)))
    return EXIT.ok;
  const query = { cascade: options.cascade };
  await session.kfp.call('PipelineService_DeletePipeline', { params: { pipeline_id: id }, query }).catch((error: unknown) => {
    if (!(error instanceof ProductError) || options.cascade || !/versions/.test(error.message)) throw error;
    const hint = `Delete it with its versions: pipewright pipeline delete ${id} --cascade`;
    throw new ProductError(error.code, error.message, { hint, cause: error });
  });
  printDeleted('pipeline', id, session.output);
  return EXIT.ok;
}

export async function removeVersion(given: VersionArguments, options: DeleteOptions): Promise<number> {
  const session = openSession(options);
  const params = await versionParams(session, given);
  if (!(await confirmed(`Delete the pipeline version ${given.version ?? given.pipeline}?`, options))) return EXIT.ok;
  await session.kfp.call('PipelineService_DeletePipelineVersion', { params });
  printDeleted('pipeline version', params.pipeline_version_id, session.output);
  return EXIT.ok;
}

export interface VersionArguments {
  /** Or, when it is alone, the version. */
  readonly pipeline: string;
  readonly version: string | undefined;
}

async function versionParams(session: Session, { pipeline, version }: VersionArguments) {
  if (version !== undefined) {
    const pipelineId = await findId(session, 'pipeline', pipeline);
    return { pipeline_id: pipelineId, pipeline_version_id: await findVersionId(session, pipelineId, version) };
  }
  return { pipeline_id: await pipelineOfVersion(session, pipeline), pipeline_version_id: pipeline };
}

const chosen = ({ pipeline }: { readonly pipeline?: string }): { pipelineName?: string } =>
  pipeline === undefined ? {} : { pipelineName: pipeline };
