import { getVersion } from '../../app/pipeline-versions.ts';
import { getPipeline } from '../../app/pipelines.ts';
import { argoParameters } from '../../app/pipeline-file.ts';
import { reportedState } from '../../app/reported-state.ts';
import { runNames } from '../../app/run-view.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { valueToText } from '../../ir/values.ts';
import type { RunState } from '../../model/states.ts';
import type { CataloguedRun, RecurringRunRow } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';
import { runtimeConfig, triggerMessage } from '../v2beta1/run-messages.ts';
import { namespaceReference, reference, type V1Message } from './references.ts';
import { workflowManifest } from './workflow-manifest.ts';

/** The states' older words. */
export const V1_STATUS: Readonly<Record<RunState, string>> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  PAUSED: 'Pending',
  CANCELING: 'Terminating',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELED: 'Failed',
};

export async function runMessage(context: Context, given: CataloguedRun): Promise<V1Message<'Run'>> {
  const { run, details, storageState } = given;
  const reported = reportedState(given, context.app.clock.now(), context.canceledAs);
  const names = await runNames(context.app)(given);
  return {
    id: run.runId,
    name: run.displayName,
    storage_state: storageState === 'ARCHIVED' ? 'STORAGESTATE_ARCHIVED' : 'STORAGESTATE_AVAILABLE',
    description: details.description,
    pipeline_spec: await specMessage(context, details),
    resource_references: [
      ...reference('EXPERIMENT', details.experimentId, { name: names.experiment }),
      ...reference('PIPELINE_VERSION', details.pipelineVersionId, { name: names.version, relationship: 'CREATOR' }),
      ...reference('JOB', details.recurringRunId, { name: names.recurringRun, relationship: 'CREATOR' }),
      ...namespaceReference(context, run.namespace),
    ],
    service_account: details.serviceAccount,
    created_at: run.createdAtMs,
    scheduled_at: run.scheduledAtMs,
    finished_at: reported.finishedAtMs,
    status: V1_STATUS[reported.state],
    error: reported.error?.message ?? '',
    metrics: details.metrics.map(({ name, nodeId, value, format }) => ({ name, node_id: nodeId, number_value: value, format })),
  };
}

/** A run with the workflow the older pages and clients read its steps from. */
export async function runDetailMessage(context: Context, row: CataloguedRun): Promise<V1Message<'RunDetail'>> {
  const tasks = await context.app.store.listTasks(row.run.runId);
  const manifest = workflowManifest(row.run, tasks, context.app.artifacts.defaultPipelineRoot);
  return { run: await runMessage(context, row), pipeline_runtime: { workflow_manifest: JSON.stringify(manifest) } };
}

export async function jobMessage(context: Context, row: RecurringRunRow): Promise<V1Message<'Job'>> {
  const experiment = await context.app.catalogue.getExperiment(row.experimentId);
  const version = row.pipelineVersionId === null ? undefined : await context.app.catalogue.getVersion(row.pipelineVersionId);
  return {
    id: row.recurringRunId,
    name: row.name,
    description: row.description,
    pipeline_spec: await specMessage(context, row),
    resource_references: [
      ...reference('EXPERIMENT', row.experimentId, { name: experiment?.name ?? '' }),
      ...reference('PIPELINE_VERSION', row.pipelineVersionId, { name: version?.displayName ?? '', relationship: 'CREATOR' }),
      // Without a version it is the pipeline, of which each run takes the newest.
      ...reference('PIPELINE', row.pipelineVersionId === null ? row.pipelineId : null, { relationship: 'CREATOR' }),
      ...namespaceReference(context, row.namespace),
    ],
    service_account: row.serviceAccount,
    max_concurrency: row.maxConcurrency,
    // The reference server answers with `enabled` only, never with the mode, and leaves out a trigger that is none.
    ...(row.trigger.kind === 'once' ? {} : { trigger: triggerMessage(row.trigger) }),
    created_at: row.createdAtMs,
    updated_at: row.updatedAtMs,
    status: row.isEnabled ? 'Enabled' : 'Disabled',
    error: row.error,
    enabled: row.isEnabled,
    no_catchup: row.noCatchup,
  };
}

interface Source {
  readonly pipelineId: string | null;
  readonly pipelineVersionId: string | null;
  readonly inlineSpecDigest: string | null;
  readonly parameters: JsonObject;
  readonly pipelineRoot: string;
}

/** Parameters are given in both manners: as texts, and typed in the runtime configuration of pipelines in the newer format. */
async function specMessage({ app }: Context, source: Source): Promise<V1Message<'PipelineSpec'>> {
  const { pipelineId, pipelineVersionId, inlineSpecDigest, parameters, pipelineRoot } = source;
  const pipeline = pipelineId === null ? undefined : await getPipeline(app, pipelineId).catch(() => undefined);
  const version = pipelineVersionId === null ? undefined : await getVersion(app, pipelineVersionId).catch(() => undefined);
  const digest = inlineSpecDigest ?? version?.specDigest;
  const manifest = digest === undefined ? '' : await app.documents.text(digest);
  return {
    pipeline_id: pipelineId ?? '',
    pipeline_name: pipeline?.displayName ?? '',
    ...(version?.kind === 'argo' ? argoFields(manifest) : { pipeline_manifest: manifest }),
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, value: valueToText(value) })),
    ...runtimeConfig({ parameters, pipelineRoot }),
  };
}

function argoFields(manifest: string) {
  const workflow = JSON.parse(manifest) as JsonObject;
  return { workflow_manifest: manifest, parameters: isJsonObject(workflow) ? argoParameters(workflow) : [] };
}
