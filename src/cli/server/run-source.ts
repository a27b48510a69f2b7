import type { Message } from '../../api/message.ts';
import type { V2Messages } from '../../api/v2beta1/messages.ts';
import { ProductError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { PipelineDocument } from '../../ir/spec.ts';
import { loadPipeline, readDocument } from '../load-pipeline.ts';
import { readArguments } from '../read-arguments.ts';
import { findId, findVersionId } from './find-object.ts';
import { note, specForRun, withCaching } from './pipeline-package.ts';
import type { Session } from './session.ts';

/** Which pipeline a run is of, and with what arguments, as options say it. */
export interface SourceOptions {
  readonly packageFile?: string | undefined;
  /** Which pipeline of a TypeScript file. */
  readonly pipeline?: string | undefined;
  readonly pipelineId?: string | undefined;
  readonly pipelineName?: string | undefined;
  readonly version?: string | undefined;
  readonly pairs: readonly string[];
  readonly params?: string | undefined;
  readonly pipelineRoot?: string | undefined;
  /** Undefined: as the pipeline says. */
  readonly enableCache?: boolean | undefined;
}

/** The part of a run, or of a recurring run, that says what runs. */
export interface RunSource {
  readonly message: Pick<Message<V2Messages, 'Run'>, 'pipeline_spec' | 'pipeline_version_reference' | 'runtime_config'>;
  readonly pipelineName: string;
}

/** Arguments are read by the types the pipeline declares, whether its file is here or on the server. */
export async function runSource(session: Session, options: SourceOptions): Promise<RunSource> {
  const hasVersion = options.pipelineId !== undefined || options.pipelineName !== undefined || options.version !== undefined;
  if (hasVersion === (options.packageFile !== undefined))
    throw new ProductError('INVALID_USAGE', 'give a pipeline file, or the id, name or version of a pipeline on the server', {
      hint: 'For example: pipewright run create pipeline.yaml   or: pipewright run create --pipeline-name penguins',
    });
  const { source, document } = hasVersion ? await versionSource(session, options) : await fileSource(options);
  const given = await readArguments(
    { pairs: options.pairs, ...(options.params === undefined ? {} : { file: options.params }) },
    document.spec.root.inputDefinitions.parameters,
  );
  const parameters = { ...document.defaultArguments, ...given };
  const root = options.pipelineRoot ?? document.pipelineRoot;
  const runtime = {
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    ...(root === undefined ? {} : { pipeline_root: root }),
  };
  return { message: { ...source, runtime_config: runtime }, pipelineName: document.spec.pipelineInfo.name };
}

interface Found {
  readonly source: RunSource['message'];
  readonly document: PipelineDocument;
}

async function fileSource(options: SourceOptions): Promise<Found> {
  const named = options.pipeline === undefined ? {} : { pipelineName: options.pipeline };
  const document = await loadPipeline(options.packageFile!, note, named);
  const spec = specForRun(document);
  const { enableCache } = options;
  return { document, source: { pipeline_spec: enableCache === undefined ? spec : withCaching(spec, enableCache) } };
}

async function versionSource(session: Session, options: SourceOptions): Promise<Found> {
  if (options.enableCache !== undefined)
    throw new ProductError('INVALID_USAGE', 'switching the cache goes with a pipeline file', {
      hint: 'A pipeline on the server says itself which steps are cached.',
    });
  const reference = await versionReference(session, options);
  const version = await session.kfp.call('PipelineService_GetPipelineVersion', { params: reference });
  const spec: JsonObject = version.pipeline_spec ?? {};
  const document = readDocument(Buffer.from(JSON.stringify(spec)), `the pipeline version ${version.display_name ?? ''}`);
  return { document, source: { pipeline_version_reference: reference } };
}

async function versionReference(session: Session, options: SourceOptions) {
  const pipeline = options.pipelineId ?? options.pipelineName;
  if (options.pipelineId !== undefined && options.pipelineName !== undefined)
    throw new ProductError('INVALID_USAGE', 'give --pipeline-id or --pipeline-name, not both');
  const pipelineId =
    pipeline === undefined ? await pipelineOfVersion(session, options.version!) : await findId(session, 'pipeline', pipeline);
  return { pipeline_id: pipelineId, pipeline_version_id: await findVersionId(session, pipelineId, options.version) };
}

/** The path of v2beta1 names a pipeline too, but a version's id says all: the older dialect has it alone. */
export async function pipelineOfVersion(session: Session, versionId: string): Promise<string> {
  const found = await session.older.call('PipelineService_GetPipelineVersionV1', { params: { version_id: versionId } });
  return found.resource_references?.find(({ key }) => key?.type === 'PIPELINE')?.key?.id ?? '-';
}
