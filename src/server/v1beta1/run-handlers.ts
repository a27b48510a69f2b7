import type { PipelineSource } from '../../app/pipeline-source.ts';
import { typedArguments } from '../../app/pipeline-source.ts';
import { getVersion, defaultVersion } from '../../app/pipeline-versions.ts';
import { getPipeline } from '../../app/pipelines.ts';
import {
  createRecurringRun,
  deleteRecurringRun,
  enableRecurringRun,
  getRecurringRun,
  listRecurringRuns,
} from '../../app/recurring-runs.ts';
import { reportMetrics } from '../../app/report-metrics.ts';
import {
  archiveRun,
  asCreated,
  createRun,
  deleteRun,
  getRun,
  listRuns,
  retryRun,
  terminateRun,
  unarchiveRun,
} from '../../app/runs.ts';
import { ProductError } from '../../base/errors.ts';
import type { PipelineDocument } from '../../ir/spec.ts';
import type { Context } from '../context.ts';
import { guardNamed } from '../guard-named.ts';
import { done } from '../v2beta1/handlers-of.ts';
import { pageFields } from '../v2beta1/lists.ts';
import { triggerOf } from '../v2beta1/run-messages.ts';
import type { V1HandlersOf } from './handlers-of.ts';
import { ownedList, referenceId, type V1Message } from './references.ts';
import { jobMessage, runDetailMessage, runMessage } from './run-messages.ts';

export const runHandlers: V1HandlersOf<'RunService'> = {
  async RunService_ListRunsV1({ query }, context) {
    const request = ownedList(query, context, ['EXPERIMENT', 'NAMESPACE'], context.namespaces.withinRuns);
    const page = await listRuns(context.app, request);
    return { runs: await Promise.all(page.rows.map((row) => runMessage(context, row))), ...pageFields(page) };
  },
  async RunService_CreateRunV1({ body }, context) {
    const row = await createRun(context.app, await commonFields(body, context, 'runs:create'));
    return await runDetailMessage(context, asCreated(row));
  },
  RunService_GetRunV1: async ({ params }, context) => await runDetailMessage(context, await getRun(context.app, params.run_id)),
  RunService_DeleteRunV1: async ({ params }, { app }) => done(deleteRun(app, params.id)),
  RunService_ArchiveRunV1: async ({ params }, { app }) => done(archiveRun(app, params.id)),
  RunService_UnarchiveRunV1: async ({ params }, { app }) => done(unarchiveRun(app, params.id)),
  RunService_TerminateRunV1: async ({ params }, { app }) => done(terminateRun(app, params.run_id)),
  RunService_RetryRunV1: async ({ params }, { app }) => done(retryRun(app, params.run_id)),
  async RunService_ReportRunMetricsV1({ params, body }, { app }) {
    const metrics = (body.metrics ?? []).map(({ name = '', node_id: nodeId = '', number_value: value = 0, format }) => ({
      name,
      nodeId,
      value,
      format: format ?? ('UNSPECIFIED' as const),
    }));
    const reports = await reportMetrics(app, params.run_id, metrics);
    return {
      results: reports.map(({ metric, status, message }) => ({
        metric_name: metric.name,
        metric_node_id: metric.nodeId,
        status,
        message,
      })),
    };
  },
};

export const jobHandlers: V1HandlersOf<'JobService'> = {
  async JobService_ListJobs({ query }, context) {
    const page = await listRecurringRuns(context.app, ownedList(query, context, ['EXPERIMENT', 'NAMESPACE']));
    return { jobs: await Promise.all(page.rows.map((row) => jobMessage(context, row))), ...pageFields(page) };
  },
  async JobService_CreateJob({ body }, context) {
    const row = await createRecurringRun(context.app, {
      ...(await commonFields(body, context, 'jobs:create')),
      isEnabled: body.enabled === true || body.mode === 'ENABLED',
      maxConcurrency: body.max_concurrency ?? 0,
      noCatchup: body.no_catchup ?? false,
      trigger: triggerOf(body.trigger ?? {}),
    });
    return await jobMessage(context, row);
  },
  JobService_GetJob: async ({ params }, context) => await jobMessage(context, await getRecurringRun(context.app, params.id)),
  JobService_DeleteJob: async ({ params }, { app }) => done(deleteRecurringRun(app, params.id)),
  JobService_EnableJob: async ({ params }, { app }) => done(enableRecurringRun(app, params.id, true)),
  JobService_DisableJob: async ({ params }, { app }) => done(enableRecurringRun(app, params.id, false)),
};

/** The task service is what steps of the reference implementation ask for cached results; ours are not asked over the wire. */
export const taskHandlers: V1HandlersOf<'TaskService'> = {
  TaskService_ListTasksV1: async () => ({}),
  async TaskService_CreateTaskV1() {
    throw new ProductError('UNSUPPORTED', 'tasks are recorded by the server itself');
  },
};

/** What the reference server keeps of the parameters of a run in this API; larger values go into `runtime_config`. */
const MAX_PARAMETERS_BYTES = 10_000;

/** What a run and a job are made of alike. */
async function commonFields(body: V1Message<'Run'> | V1Message<'Job'>, context: Context, access: string) {
  const { name = '', pipeline_spec: spec = {}, resource_references: references, service_account: serviceAccount } = body;
  const config = spec.runtime_config ?? {};
  if (Buffer.byteLength(JSON.stringify(spec.parameters ?? [])) > MAX_PARAMETERS_BYTES) {
    throw new ProductError('INVALID_ARGUMENTS', `The input parameter length exceed maximum size of ${MAX_PARAMETERS_BYTES}`);
  }
  const versionId = referenceId(references, 'PIPELINE_VERSION');
  const experimentId = referenceId(references, 'EXPERIMENT');
  await guardNamed(context, access, [{ experiment_id: experimentId }]);
  await guardNamed(context, 'pipelines:get', [{ version_id: versionId }, { pipeline_id: spec.pipeline_id }]);
  return {
    displayName: name,
    description: body.description,
    experimentId,
    // With an experiment, its namespace is the run's.
    ...(experimentId ? {} : { namespace: context.namespaces.of(referenceId(references, 'NAMESPACE')) }),
    source: await sourceOf(context, spec, versionId),
    parameters: (document: PipelineDocument) => ({
      ...typedArguments(
        document,
        (spec.parameters ?? []).map(({ name: parameter = '', value = '' }) => ({ name: parameter, value })),
      ),
      ...config.parameters,
    }),
    pipelineRoot: config.pipeline_root,
    serviceAccount,
  };
}

/** A version, a pipeline (its default version), or a manifest in the request; a version wins, as in the reference server. */
async function sourceOf({ app }: Context, spec: V1Message<'PipelineSpec'>, versionId: string): Promise<PipelineSource> {
  if (versionId !== '') {
    const { pipelineId } = await getVersion(app, versionId);
    return { kind: 'version', pipelineId, pipelineVersionId: versionId };
  }
  if (spec.pipeline_id) {
    const version = await defaultVersion(app, await getPipeline(app, spec.pipeline_id));
    return { kind: 'version', pipelineId: spec.pipeline_id, pipelineVersionId: version?.pipelineVersionId ?? '' };
  }
  const manifest = spec.pipeline_manifest || spec.workflow_manifest;
  if (!manifest) {
    throw new ProductError(
      'INVALID_ARGUMENTS',
      'a pipeline, a pipeline version or a manifest is needed: Please specify a valid pipeline spec',
    );
  }
  return { kind: 'inline', spec: manifest };
}
