import {
  archiveExperiment,
  createExperiment,
  deleteExperiment,
  getExperiment,
  listExperiments,
  unarchiveExperiment,
} from '../../app/experiments.ts';
import { pipelineFromUrl } from '../../app/pipeline-url.ts';
import { chooseDefaultVersion, defaultVersion, deleteVersion, getVersion, listVersions } from '../../app/pipeline-versions.ts';
import { deletePipeline, getPipeline, getPipelineByName, listPipelines } from '../../app/pipelines.ts';
import { uploadPipeline, uploadVersion } from '../../app/upload-pipeline.ts';
import { ProductError } from '../../base/errors.ts';
import type { UploadHandler } from '../dialect.ts';
import { guardNamed } from '../guard-named.ts';
import { done } from '../v2beta1/handlers-of.ts';
import { listRequest, pageFields } from '../v2beta1/lists.ts';
import { text } from '../v2beta1/uploads.ts';
import type { V1HandlersOf } from './handlers-of.ts';
import { experimentMessage, pipelineMessage, versionMessage } from './pipeline-messages.ts';
import { ownedList, parseFilter, referenceId } from './references.ts';

export const experimentHandlers: V1HandlersOf<'ExperimentService'> = {
  async ExperimentService_ListExperimentsV1({ query }, context) {
    const page = await listExperiments(context.app, ownedList(query, context, ['NAMESPACE']));
    return { experiments: page.rows.map((row) => experimentMessage(context, row)), ...pageFields(page) };
  },
  async ExperimentService_CreateExperimentV1({ body }, context) {
    const namespace = context.namespaces.of(referenceId(body.resource_references, 'NAMESPACE'));
    const { name = '', description } = body;
    return experimentMessage(context, await createExperiment(context.app, { name, description, namespace }));
  },
  ExperimentService_GetExperimentV1: async ({ params }, context) =>
    experimentMessage(context, await getExperiment(context.app, params.id)),
  ExperimentService_DeleteExperimentV1: async ({ params }, { app }) => done(deleteExperiment(app, params.id)),
  ExperimentService_ArchiveExperimentV1: async ({ params }, { app }) => done(archiveExperiment(app, params.id)),
  ExperimentService_UnarchiveExperimentV1: async ({ params }, { app }) => done(unarchiveExperiment(app, params.id)),
};

export const pipelineHandlers: V1HandlersOf<'PipelineService'> = {
  async PipelineService_ListPipelinesV1({ query }, context) {
    const page = await listPipelines(context.app, ownedList(query, context, ['NAMESPACE']));
    return { pipelines: await Promise.all(page.rows.map((row) => pipelineMessage(context, row))), ...pageFields(page) };
  },
  async PipelineService_CreatePipelineV1({ body }, context) {
    const { name, description, url } = body;
    const file = await pipelineFromUrl(context.app, url?.pipeline_url);
    const namespace = context.namespaces.of(referenceId(body.resource_references, 'NAMESPACE'));
    const { pipeline } = await uploadPipeline(context.app, { name, description, namespace, ...file });
    return await pipelineMessage(context, pipeline);
  },
  PipelineService_GetPipelineV1: async ({ params }, context) =>
    await pipelineMessage(context, await getPipeline(context.app, params.id)),
  async PipelineService_GetPipelineByNameV1({ params }, context) {
    const namespace = context.namespaces.of(params.namespace === '-' ? '' : params.namespace);
    return await pipelineMessage(context, await getPipelineByName(context.app, params.name, namespace));
  },
  // As the server of this API's time did it: its clients have no word for the versions.
  PipelineService_DeletePipelineV1: async ({ params }, { app }) => done(deletePipeline(app, params.id, { cascade: true })),
  async PipelineService_GetTemplate({ params }, { app }) {
    const version = await defaultVersion(app, await getPipeline(app, params.id));
    if (!version) throw new ProductError('NOT_FOUND', `PipelineVersion not found: the pipeline ${params.id} has no version`);
    return { template: await app.documents.text(version.templateDigest) };
  },
  PipelineService_UpdatePipelineDefaultVersionV1: async ({ params }, { app }) =>
    done(chooseDefaultVersion(app, params.pipeline_id, params.version_id)),

  async PipelineService_ListPipelineVersionsV1({ query }, context) {
    const pipelineId = query['resource_key.id'] ?? '';
    // The type may be left out: nothing else has versions.
    const type = query['resource_key.type'] ?? 'UNKNOWN_RESOURCE_TYPE';
    if ((type !== 'PIPELINE' && type !== 'UNKNOWN_RESOURCE_TYPE') || pipelineId === '') {
      throw new ProductError(
        'INVALID_ARGUMENTS',
        'Invalid resource key: versions are listed for a pipeline (resource_key.type=PIPELINE)',
      );
    }
    const page = await listVersions(context.app, pipelineId, { ...listRequest(query), parseFilter });
    return { versions: await Promise.all(page.rows.map((row) => versionMessage(context, row))), ...pageFields(page) };
  },
  async PipelineService_CreatePipelineVersionV1({ body }, context) {
    const { name, description, code_source_url: codeSourceUrl, package_url: url } = body;
    const file = await pipelineFromUrl(context.app, url?.pipeline_url);
    const pipelineId = referenceId(body.resource_references, 'PIPELINE');
    await guardNamed(context, 'pipelines:create', [{ pipeline_id: pipelineId }]);
    return await versionMessage(
      context,
      await uploadVersion(context.app, { name, description, codeSourceUrl, pipelineId, ...file }),
    );
  },
  PipelineService_GetPipelineVersionV1: async ({ params }, context) =>
    await versionMessage(context, await getVersion(context.app, params.version_id)),
  PipelineService_DeletePipelineVersionV1: async ({ params }, { app }) =>
    done(deleteVersion(app, await getVersion(app, params.version_id))),
  async PipelineService_GetPipelineVersionTemplate({ params }, { app }) {
    const version = await getVersion(app, params.version_id);
    return { template: await app.documents.text(version.templateDigest) };
  },
};

export const v1Uploads: Readonly<Record<string, UploadHandler>> = {
  async UploadPipeline({ query, file }, context) {
    const naming = { name: text(query, 'name'), description: text(query, 'description') };
    const namespace = context.namespaces.of(text(query, 'namespace'));
    const { pipeline } = await uploadPipeline(context.app, { ...naming, ...file, namespace });
    return await pipelineMessage(context, await getPipeline(context.app, pipeline.pipelineId));
  },
  async UploadPipelineVersion({ query, file }, context) {
    const naming = { name: text(query, 'name'), description: text(query, 'description') };
    const pipelineId = text(query, 'pipelineid') ?? '';
    return await versionMessage(context, await uploadVersion(context.app, { ...naming, ...file, pipelineId }));
  },
};
