import {
  archiveExperiment,
  createExperiment,
  deleteExperiment,
  getExperiment,
  listExperiments,
  unarchiveExperiment,
} from '../../app/experiments.ts';
import { pipelineFromUrl } from '../../app/pipeline-url.ts';
import { deleteVersion, getVersion, listVersions, updateVersion } from '../../app/pipeline-versions.ts';
import {
  createPipeline,
  deletePipeline,
  getPipeline,
  getPipelineByName,
  listPipelines,
  updatePipeline,
} from '../../app/pipelines.ts';
import { uploadPipeline, uploadVersion } from '../../app/upload-pipeline.ts';
import type { Context } from '../context.ts';
import { done, type V2HandlersOf } from './handlers-of.ts';
import { listRequest, pageFields } from './lists.ts';
import { experimentMessage, pipelineMessage, versionMessage, type V2Message } from './pipeline-messages.ts';

export const experimentHandlers: V2HandlersOf<'ExperimentService'> = {
  async ExperimentService_ListExperiments({ query }, context) {
    const page = await listExperiments(context.app, listRequest(query, context.namespaces.within(query.namespace)));
    return { experiments: page.rows.map((row) => experimentMessage(context, row)), ...pageFields(page) };
  },
  async ExperimentService_CreateExperiment({ body }, context) {
    const { display_name: name = '', description, namespace } = body;
    const row = await createExperiment(context.app, { name, description, namespace: context.namespaces.of(namespace) });
    return experimentMessage(context, row);
  },
  ExperimentService_GetExperiment: async ({ params }, context) =>
    experimentMessage(context, await getExperiment(context.app, params.experiment_id)),
  ExperimentService_DeleteExperiment: async ({ params }, { app }) => done(deleteExperiment(app, params.experiment_id)),
  ExperimentService_ArchiveExperiment: async ({ params }, { app }) => done(archiveExperiment(app, params.experiment_id)),
  ExperimentService_UnarchiveExperiment: async ({ params }, { app }) => done(unarchiveExperiment(app, params.experiment_id)),
};

export const pipelineHandlers: V2HandlersOf<'PipelineService'> = {
  async PipelineService_ListPipelines({ query }, context) {
    const page = await listPipelines(context.app, listRequest(query, context.namespaces.within(query.namespace)));
    return { pipelines: page.rows.map((row) => pipelineMessage(context, row)), ...pageFields(page) };
  },
  PipelineService_CreatePipeline: async ({ body }, context) =>
    pipelineMessage(context, await createPipeline(context.app, naming(body, context))),
  async PipelineService_CreatePipelineAndVersion({ body }, context) {
    const { pipeline = {}, pipeline_version: version = {} } = body;
    const file = await pipelineFromUrl(context.app, version.package_url?.pipeline_url);
    const row = await uploadPipeline(context.app, {
      ...naming(pipeline, context),
      ...file,
      versionNaming: versionNaming(version),
    });
    return pipelineMessage(context, row.pipeline);
  },
  PipelineService_GetPipelineByName: async ({ params, query }, context) =>
    pipelineMessage(context, await getPipelineByName(context.app, params.name, context.namespaces.of(query.namespace))),
  PipelineService_GetPipeline: async ({ params }, context) =>
    pipelineMessage(context, await getPipeline(context.app, params.pipeline_id)),
  PipelineService_UpdatePipeline: async ({ params, body }, context) =>
    pipelineMessage(context, await updatePipeline(context.app, params['pipeline.pipeline_id'], changesOf(body))),
  PipelineService_DeletePipeline: async ({ params, query }, { app }) =>
    done(deletePipeline(app, params.pipeline_id, { cascade: query.cascade ?? false })),

  async PipelineService_ListPipelineVersions({ params, query }, context) {
    const page = await listVersions(context.app, params.pipeline_id, listRequest(query));
    const versions = await Promise.all(page.rows.map((row) => versionMessage(context, row)));
    return { pipeline_versions: versions, ...pageFields(page) };
  },
  async PipelineService_CreatePipelineVersion({ params, body }, context) {
    const file = await pipelineFromUrl(context.app, body.package_url?.pipeline_url);
    const pipelineId = params.pipeline_id || (body.pipeline_id ?? '');
    return await versionMessage(context, await uploadVersion(context.app, { ...versionNaming(body), ...file, pipelineId }));
  },
  PipelineService_GetPipelineVersion: async ({ params }, context) =>
    await versionMessage(context, await versionOf(context, params)),
  async PipelineService_UpdatePipelineVersion({ params, body }, context) {
    const version = await getVersion(context.app, params['pipeline_version.pipeline_version_id']);
    return await versionMessage(context, await updateVersion(context.app, version, changesOf(body)));
  },
  PipelineService_DeletePipelineVersion: async ({ params }, context) =>
    done(deleteVersion(context.app, await versionOf(context, params))),
};

/** A version's id says all: as in the reference server, the pipeline in the path is not compared (its Go suite asserts this). */
const versionOf = ({ app }: Context, params: { readonly pipeline_version_id: string }) =>
  getVersion(app, params.pipeline_version_id);

function naming(given: V2Message<'Pipeline'>, { namespaces }: Context) {
  const { name, display_name: displayName, description, tags, namespace } = given;
  return { name, displayName, description, tags, namespace: namespaces.of(namespace) };
}

function versionNaming({
  name,
  display_name: displayName,
  description,
  tags,
  code_source_url: codeSourceUrl,
}: V2Message<'PipelineVersion'>) {
  return { name, displayName, description, tags, codeSourceUrl };
}

function changesOf({ display_name: displayName, description, tags }: V2Message<'Pipeline'>) {
  return { displayName, description, tags };
}
