import { ProductError } from '../base/errors.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { readPipelineDocument } from '../ir/read.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { textToValue } from '../ir/values.ts';
import type { PipelineVersionRow } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { checkSpecName } from './name-limits.ts';
import { getVersion } from './pipeline-versions.ts';
import { getPipeline } from './pipelines.ts';

/** Where a run's pipeline comes from. */
export type PipelineSource =
  /** Without a version: the newest there is. */
  | { readonly kind: 'version'; readonly pipelineId: string; readonly pipelineVersionId: string }
  /** A pipeline spec as text, kept as it came. */
  | { readonly kind: 'inline'; readonly spec: string };

/** The source once it is known to be usable, as it is recorded. */
export interface ResolvedSource {
  readonly document: PipelineDocument;
  readonly pipelineId: string | null;
  readonly pipelineVersionId: string | null;
  readonly inlineSpecDigest: string | null;
}

/** Throws NOT_FOUND, INVALID_PIPELINE, and UNSUPPORTED for an Argo Workflow. */
export async function resolveSource(app: App, source: PipelineSource): Promise<ResolvedSource> {
  if (source.kind === 'inline') return await resolveInline(app, source.spec);
  const version = await versionOf(app, source);
  if (version.kind === 'argo') throw argoUnsupported(`pipeline version ${version.displayName}`);
  return {
    document: await app.documents.pipeline(version.specDigest),
    pipelineId: version.pipelineId,
    pipelineVersionId: version.pipelineVersionId,
    inlineSpecDigest: null,
  };
}

async function versionOf(app: App, source: PipelineSource & { readonly kind: 'version' }): Promise<PipelineVersionRow> {
  if (source.pipelineVersionId !== '') return await getVersion(app, source.pipelineVersionId);
  const pipeline = await getPipeline(app, source.pipelineId);
  const newest = await app.catalogue.newestVersion(pipeline.pipelineId);
  if (!newest)
    throw new ProductError('NOT_FOUND', `PipelineVersion not found: the pipeline ${pipeline.displayName} has no version`);
  return newest;
}

async function resolveInline(app: App, spec: string): Promise<ResolvedSource> {
  const { document, problems, kind } = readPipelineDocument(spec);
  if (kind === 'argo') throw argoUnsupported('the pipeline');
  if (!document)
    throw new ProductError('INVALID_PIPELINE', 'the pipeline spec cannot be run: unknown template format', { problems });
  checkSpecName(document);
  const digest = await app.documents.save(spec);
  return { document: await app.documents.pipeline(digest), pipelineId: null, pipelineVersionId: null, inlineSpecDigest: digest };
}

function argoUnsupported(what: string): ProductError {
  return new ProductError(
    'UNSUPPORTED',
    `UNSUPPORTED: ${what} is an Argo Workflow, which this server keeps and lists but cannot run`,
    {
      hint: 'compile the pipeline with kfp 2.x and upload it as a new version',
    },
  );
}

/** The arguments of v1beta1, which are texts, as values of the types the pipeline declares. */
export function typedArguments(
  { spec }: PipelineDocument,
  given: readonly { readonly name: string; readonly value: string }[],
): JsonObject {
  const { parameters } = spec.root.inputDefinitions;
  const entries = given.map(({ name, value }): [string, JsonValue] => {
    const definition = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!definition) throw new ProductError('INVALID_ARGUMENTS', `Unrecognized input parameter: ${name}`);
    const result = textToValue(definition.parameterType, value);
    // A macro, which is expanded when the run starts; `[[1, 2]]` is a list.
    if (result.kind === 'error' && value.includes('[[')) return [name, value];
    if (result.kind === 'error') throw new ProductError('INVALID_ARGUMENTS', `parameter ${name}: ${result.message}`);
    return [name, result.value];
  });
  return Object.fromEntries(entries);
}
