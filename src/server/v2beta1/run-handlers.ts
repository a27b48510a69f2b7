import type { PipelineSource } from '../../app/pipeline-source.ts';
import {
  createRecurringRun,
  deleteRecurringRun,
  enableRecurringRun,
  getRecurringRun,
  listRecurringRuns,
} from '../../app/recurring-runs.ts';
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
import type { JsonObject } from '../../base/json.ts';
import { isFinalRun } from '../../model/states.ts';
import type { CataloguedRun, Predicate } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';
import { guardNamed } from '../guard-named.ts';
import { done, type V2HandlersOf } from './handlers-of.ts';
import { listRequest, pageFields } from './lists.ts';
import type { V2Message } from './pipeline-messages.ts';
import { recurringRunMessage, runMessage, triggerOf } from './run-messages.ts';
import { runDetails } from './task-details.ts';

export const runHandlers: V2HandlersOf<'RunService'> = {
  async RunService_ListRuns({ query }, context) {
    const within = [...context.namespaces.withinRuns(query.namespace), ...ofExperiment(query.experiment_id)];
    const page = await listRuns(context.app, listRequest(query, within));
    return { runs: await Promise.all(page.rows.map((row) => runMessage(context, row))), ...pageFields(page) };
  },
  async RunService_CreateRun({ body, query }, context) {
    if (body.plugins_output !== undefined) throw new ProductError('CONFLICT', 'plugins_output is written by the server only');
    const row = await createRun(context.app, {
      ...(await commonFields(
        { ...body, experiment_id: body.experiment_id || query.experiment_id || '' },
        context,
        'runs:create',
      )),
      displayName: nameOf(body.display_name, 'Run'),
    });
    return await runMessage(context, asCreated(row));
  },
  RunService_GetRun: async ({ params }, context) => await withTasks(context, await getRun(context.app, params.run_id)),
  RunService_DeleteRun: async ({ params }, { app }) => done(deleteRun(app, params.run_id)),
  RunService_ArchiveRun: async ({ params }, { app }) => done(archiveRun(app, params.run_id)),
  RunService_UnarchiveRun: async ({ params }, { app }) => done(unarchiveRun(app, params.run_id)),
  RunService_TerminateRun: async ({ params }, { app }) => done(terminateRun(app, params.run_id)),
  RunService_RetryRun: async ({ params }, { app }) => done(retryRun(app, params.run_id)),
};

export const recurringRunHandlers: V2HandlersOf<'RecurringRunService'> = {
  async RecurringRunService_ListRecurringRuns({ query }, context) {
    const within = [...context.namespaces.within(query.namespace), ...ofExperiment(query.experiment_id)];
    const page = await listRecurringRuns(context.app, listRequest(query, within));
    return { recurringRuns: await Promise.all(page.rows.map((row) => recurringRunMessage(context, row))), ...pageFields(page) };
  },
  async RecurringRunService_CreateRecurringRun({ body }, context) {
    const row = await createRecurringRun(context.app, {
      ...(await commonFields(body, context, 'jobs:create')),
      displayName: nameOf(body.display_name, 'Recurring run'),
      isEnabled: body.mode === 'ENABLE',
      maxConcurrency: body.max_concurrency ?? 0,
      noCatchup: body.no_catchup ?? false,
      trigger: triggerOf(body.trigger ?? {}),
    });
    return await recurringRunMessage(context, row);
  },
  RecurringRunService_GetRecurringRun: async ({ params }, context) =>
    await recurringRunMessage(context, await getRecurringRun(context.app, params.recurring_run_id)),
  RecurringRunService_DeleteRecurringRun: async ({ params }, { app }) => done(deleteRecurringRun(app, params.recurring_run_id)),
  RecurringRunService_EnableRecurringRun: async ({ params }, { app }) =>
    done(enableRecurringRun(app, params.recurring_run_id, true)),
  RecurringRunService_DisableRecurringRun: async ({ params }, { app }) =>
    done(enableRecurringRun(app, params.recurring_run_id, false)),
};

/**
 * Until then a run that still goes on is without details: the reference server has them from the first report of a workflow on, and
 * its clients' tests look for their absence right after the creation.
 */
const DETAILS_AFTER_MS = 1_000;

/** Tasks are part of a single run only: a list with the tasks of every run would grow with them. */
async function withTasks(context: Context, run: CataloguedRun): Promise<V2Message<'Run'>> {
  const message = await runMessage(context, run);
  const isFresh = !isFinalRun(run.run.state) && context.app.clock.now() < run.run.createdAtMs + DETAILS_AFTER_MS;
  return isFresh ? message : { ...message, run_details: await runDetails(context, run.run.runId) };
}

const ofExperiment = (experimentId: string | undefined): readonly Predicate[] =>
  experimentId ? [{ field: 'experiment_id', operation: 'eq', values: [experimentId] }] : [];

function nameOf(name: string | undefined, what: string): string {
  if (name === undefined || name === '') throw new ProductError('INVALID_ARGUMENTS', `${what} name cannot be empty`);
  return name;
}

/** What a run and a recurring run are made of alike. */
async function commonFields(body: V2Message<'Run'> | V2Message<'RecurringRun'>, context: Context, access: string) {
  const { runtime_config: config = {} } = body;
  await guardNamed(context, access, [{ experiment_id: body.experiment_id }]);
  await guardNamed(context, 'pipelines:get', [{ ...body.pipeline_version_reference }, { version_id: body.pipeline_version_id }]);
  return {
    description: body.description,
    experimentId: body.experiment_id,
    // With an experiment, its namespace is the run's.
    ...(body.experiment_id ? {} : { namespace: context.namespaces.of('namespace' in body ? body.namespace : undefined) }),
    source: sourceOf(body),
    parameters: (): JsonObject => config.parameters ?? {},
    pipelineRoot: config.pipeline_root,
    serviceAccount: body.service_account,
    pluginsInput: body.plugins_input,
  };
}

/** Exactly one of a version, the id of a version by its old name, and a spec. */
function sourceOf(body: V2Message<'Run'> | V2Message<'RecurringRun'>): PipelineSource {
  const { pipeline_version_reference: reference, pipeline_spec: spec, pipeline_version_id: oldId } = body;
  const given = [reference?.pipeline_id || reference?.pipeline_version_id, spec, oldId].filter(Boolean).length;
  if (given > 1)
    throw new ProductError('INVALID_ARGUMENTS', 'either a pipeline spec or a pipeline version reference is needed, not both');
  if (spec) return { kind: 'inline', spec: JSON.stringify(spec) };
  const pipelineVersionId = (reference?.pipeline_version_id || oldId) ?? '';
  const pipelineId = reference?.pipeline_id ?? '';
  if (pipelineId === '' && pipelineVersionId === '') {
    throw new ProductError('INVALID_ARGUMENTS', 'a pipeline spec or a pipeline version reference is needed');
  }
  return { kind: 'version', pipelineId, pipelineVersionId };
}
