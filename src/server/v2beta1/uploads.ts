import { getPipeline } from '../../app/pipelines.ts';
import { uploadPipeline, uploadVersion } from '../../app/upload-pipeline.ts';
import { ProductError } from '../../base/errors.ts';
import type { Query, UploadHandler } from '../dialect.ts';
import { pipelineMessage, versionMessage } from './pipeline-messages.ts';

export const v2Uploads: Readonly<Record<string, UploadHandler>> = {
  async UploadPipeline({ query, file }, context) {
    const namespace = context.namespaces.of(text(query, 'namespace'));
    const { pipeline } = await uploadPipeline(context.app, { ...uploadNaming(query), ...file, namespace });
    return pipelineMessage(context, await getPipeline(context.app, pipeline.pipelineId));
  },
  async UploadPipelineVersion({ query, file }, context) {
    const pipelineId = text(query, 'pipelineid') ?? '';
    return await versionMessage(context, await uploadVersion(context.app, { ...uploadNaming(query), ...file, pipelineId }));
  },
};

/** Names of an upload come as query parameters, tags as a JSON object in one of them. */
export function uploadNaming(query: Query) {
  return {
    name: text(query, 'name'),
    displayName: text(query, 'display_name'),
    description: text(query, 'description'),
    codeSourceUrl: text(query, 'code_source_url'),
    tags: parseTags(text(query, 'tags')),
  };
}

export const text = (query: Query, name: string): string | undefined => (query[name] as string | undefined) || undefined;

function parseTags(json: string | undefined): Readonly<Record<string, string>> | undefined {
  if (json === undefined) return undefined;
  try {
    const tags: unknown = JSON.parse(json);
    const isTags = typeof tags === 'object' && tags !== null && !Array.isArray(tags);
    if (isTags && Object.values(tags).every((value) => typeof value === 'string')) return tags as Record<string, string>;
  } catch {
    // The same answer as for another shape.
  }
  throw new ProductError('INVALID_ARGUMENTS', 'tags is a JSON object of strings: {"team":"vision"}');
}
