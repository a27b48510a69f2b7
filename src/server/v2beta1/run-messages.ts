import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { reportedState } from '../../app/reported-state.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { CataloguedRun, RecurringRunRow, Trigger } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';
import type { V2Message } from './pipeline-messages.ts';

export async function runMessage({ app, canceledAs }: Context, given: CataloguedRun): Promise<V2Message<'Run'>> {
  const { run, details, storageState } = given;
  const reported = reportedState(given, app.clock.now(), canceledAs);
  return {
    experiment_id: details.experimentId,
    run_id: run.runId,
    display_name: run.displayName,
    storage_state: storageState,
    description: details.description,
    ...(await sourceFields({ app }, details)),
    ...runtimeConfig(details),
    service_account: details.serviceAccount,
    created_at: run.createdAtMs,
    scheduled_at: run.scheduledAtMs,
    finished_at: reported.finishedAtMs,
    state: reported.state,
    ...(reported.error ? { error: statusOf(reported.error) } : {}),
    ...(details.recurringRunId === null ? {} : { recurring_run_id: details.recurringRunId }),
    state_history: reported.history.map(({ atMs, state }) => ({
      update_time: atMs,
      state,
      ...(state === 'FAILED' && reported.error ? { error: statusOf(reported.error) } : {}),
    })),
    plugins_input: details.pluginsInput as Readonly<Record<string, JsonObject>>,
  };
}

interface Source {
  readonly pipelineId: string | null;
  readonly pipelineVersionId: string | null;
  readonly inlineSpecDigest: string | null;
}

/** A spec that came with the request is shown as it came. */
async function sourceFields({ app }: Pick<Context, 'app'>, source: Source) {
  if (source.inlineSpecDigest !== null) {
    const spec: unknown = JSON.parse(await app.documents.text(source.inlineSpecDigest));
    return isJsonObject(spec as JsonObject) ? { pipeline_spec: spec as JsonObject } : {};
  }
  if (source.pipelineId === null) return {};
  const { pipelineId: pipeline_id, pipelineVersionId } = source;
  return { pipeline_version_reference: { pipeline_id, pipeline_version_id: pipelineVersionId ?? '' } };
}

/** Both API versions leave it out when nothing was configured. */
export function runtimeConfig({ parameters, pipelineRoot }: { readonly parameters: JsonObject; readonly pipelineRoot: string }) {
  const isEmpty = Object.keys(parameters).length === 0 && pipelineRoot === '';
  return isEmpty ? {} : { runtime_config: { parameters, pipeline_root: pipelineRoot } };
}

/** google.rpc.Status: 13 is INTERNAL, what the reference server says of every failed step. */
export const statusOf = (error: TaskError): V2Message<'RpcStatus'> => ({ code: 13, message: error.message });

export async function recurringRunMessage(context: Context, row: RecurringRunRow): Promise<V2Message<'RecurringRun'>> {
  return {
    recurring_run_id: row.recurringRunId,
    display_name: row.name,
    description: row.description,
    ...(await sourceFields(context, row)),
    ...runtimeConfig(row),
    service_account: row.serviceAccount,
    max_concurrency: row.maxConcurrency,
    trigger: triggerMessage(row.trigger),
    mode: row.isEnabled ? 'ENABLE' : 'DISABLE',
    created_at: row.createdAtMs,
    updated_at: row.updatedAtMs,
    status: row.isEnabled ? 'ENABLED' : 'DISABLED',
    ...(row.error === '' ? {} : { error: { code: 13, message: row.error } }),
    no_catchup: row.noCatchup,
    namespace: context.namespaces.shown(row.namespace),
    experiment_id: row.experimentId,
    plugins_input: row.pluginsInput as Readonly<Record<string, JsonObject>>,
  };
}

/** Both API versions write triggers alike; a bound that is not set is left out. */
export function triggerMessage(trigger: Trigger): V2Message<'Trigger'> {
  if (trigger.kind === 'once') return {};
  const bounds = {
    ...(trigger.startMs === 0 ? {} : { start_time: trigger.startMs }),
    ...(trigger.endMs === 0 ? {} : { end_time: trigger.endMs }),
  };
  if (trigger.kind === 'cron') return { cron_schedule: { ...bounds, cron: trigger.cron } };
  return { periodic_schedule: { ...bounds, interval_second: trigger.intervalSeconds } };
}

export function triggerOf({ cron_schedule: cron, periodic_schedule: periodic }: V2Message<'Trigger'>): Trigger {
  if (cron) return { kind: 'cron', cron: cron.cron ?? '', startMs: cron.start_time ?? 0, endMs: cron.end_time ?? 0 };
  if (!periodic) return { kind: 'once' };
  const intervalSeconds = periodic.interval_second ?? 0;
  return { kind: 'interval', intervalSeconds, startMs: periodic.start_time ?? 0, endMs: periodic.end_time ?? 0 };
}
