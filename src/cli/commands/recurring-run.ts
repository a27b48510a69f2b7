import { decodeTimestamp } from '../../api/decode-message.ts';
import { ProductError } from '../../base/errors.ts';
import { EXIT } from '../command-error.ts';
import { confirmed } from '../server/confirm.ts';
import { findId } from '../server/find-object.ts';
import { RECURRING_RUN } from '../server/kinds.ts';
import { type ListOptions, listQuery, wholeNumber } from '../server/list-query.ts';
import { printDeleted, printList, printObject } from '../server/print-objects.ts';
import { runSource } from '../server/run-source.ts';
import { openSession, type ServerOptions, type Session } from '../server/session.ts';
import { experimentNamed } from './experiment.ts';

export interface CreateRecurringRunOptions extends ServerOptions {
  readonly jobName?: string;
  readonly description?: string;
  readonly experimentId?: string;
  readonly experimentName?: string;
  readonly cronExpression?: string;
  readonly intervalSecond?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly catchup?: boolean;
  readonly enabled?: boolean;
  readonly enableCaching?: boolean;
  readonly maxConcurrency: string;
  readonly pipelineId?: string;
  readonly pipelineName?: string;
  readonly versionId?: string;
  readonly pipelinePackagePath?: string;
  readonly pipeline?: string;
  readonly params?: string;
}

/** `recurring-run create [name=value]…`, with the options of kfp; the first argument without `=` is a pipeline file. */
export async function create(given: readonly string[], options: CreateRecurringRunOptions): Promise<number> {
  const trigger = triggerOf(options);
  const session = openSession(options);
  const [first] = given;
  const hasFile = first !== undefined && !first.includes('=') && options.pipelinePackagePath === undefined;
  const source = await runSource(session, {
    ...options,
    packageFile: hasFile ? first : options.pipelinePackagePath,
    version: options.versionId,
    pairs: hasFile ? given.slice(1) : given,
    enableCache: options.enableCaching,
  });
  const { experimentId, experimentName, description } = options;
  const experiment = experimentName === undefined ? experimentId : await experimentNamed(session, experimentName);
  const made = await session.kfp.call('RecurringRunService_CreateRecurringRun', {
    body: {
      display_name: options.jobName ?? source.pipelineName,
      ...source.message,
      trigger,
      mode: options.enabled === false ? 'DISABLE' : 'ENABLE',
      max_concurrency: wholeNumber('--max-concurrency', options.maxConcurrency),
      no_catchup: options.catchup === false,
      ...(description === undefined ? {} : { description }),
      ...(experiment === undefined ? {} : { experiment_id: experiment }),
    },
  });
  printObject(RECURRING_RUN, made, session.output);
  return EXIT.ok;
}

function triggerOf({ cronExpression: cron, intervalSecond, startTime, endTime }: CreateRecurringRunOptions) {
  if ((cron === undefined) === (intervalSecond === undefined))
    throw new ProductError('INVALID_USAGE', 'say when: --cron-expression or --interval-second, one of them', {
      hint: "For example: --cron-expression '0 0 6 * * *' (seconds first: every day at six), or --interval-second 3600",
    });
  const bounds = {
    ...(startTime === undefined ? {} : { start_time: time('--start-time', startTime) }),
    ...(endTime === undefined ? {} : { end_time: time('--end-time', endTime) }),
  };
  if (cron !== undefined) return { cron_schedule: { cron, ...bounds } };
  return { periodic_schedule: { interval_second: wholeNumber('--interval-second', intervalSecond!), ...bounds } };
}

function time(option: string, text: string): number {
  try {
    return decodeTimestamp(text, option);
  } catch {
    throw new ProductError('INVALID_USAGE', `${option} ${text}: a time such as 2027-01-31T06:00:00Z is needed`);
  }
}

export async function list(options: ServerOptions & ListOptions & { readonly experimentId?: string }): Promise<number> {
  const session = openSession(options);
  const { namespace } = session.connection;
  const { experimentId: experiment } = options;
  const experiment_id = experiment === undefined ? undefined : await findId(session, 'experiment', experiment);
  const query = { ...listQuery(options), namespace, experiment_id };
  const { recurringRuns = [], next_page_token } = await session.kfp.call('RecurringRunService_ListRecurringRuns', { query });
  printList(RECURRING_RUN, recurringRuns, { output: session.output, nextPageToken: next_page_token });
  return EXIT.ok;
}

export async function get(recurringRun: string, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  await show(session, await findId(session, 'recurring run', recurringRun));
  return EXIT.ok;
}

export async function change(verb: 'enable' | 'disable', recurringRun: string, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  const id = await findId(session, 'recurring run', recurringRun);
  const route = verb === 'enable' ? 'RecurringRunService_EnableRecurringRun' : 'RecurringRunService_DisableRecurringRun';
  await session.kfp.call(route, { params: { recurring_run_id: id } });
  await show(session, id);
  return EXIT.ok;
}

export async function remove(recurringRun: string, options: ServerOptions & { readonly yes?: true }): Promise<number> {
  const session = openSession(options);
  const id = await findId(session, 'recurring run', recurringRun);
  if (!(await confirmed(`Delete the recurring run ${recurringRun}? The runs it has started stay.`, options))) return EXIT.ok;
  await session.kfp.call('RecurringRunService_DeleteRecurringRun', { params: { recurring_run_id: id } });
  printDeleted('recurring run', id, session.output);
  return EXIT.ok;
}

async function show({ kfp, output }: Session, id: string): Promise<void> {
  const params = { recurring_run_id: id };
  printObject(RECURRING_RUN, await kfp.call('RecurringRunService_GetRecurringRun', { params }), output);
}
