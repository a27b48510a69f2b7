import type { Handlers } from '../../api/route.ts';
import type { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import type { NATIVE_ROUTES } from '../../api/native/routes.ts';
import { explainCache } from '../../app/cache-explanation.ts';
import { cloneRun } from '../../app/clone-run.ts';
import { compareRuns } from '../../app/compare-runs.ts';
import { pipelineGraph } from '../../app/pipeline-graph.ts';
import { effectiveParameters, countStates, failureCause, runNames } from '../../app/run-view.ts';
import { reportedState } from '../../app/reported-state.ts';
import { getRun, listRuns, retryRun } from '../../app/runs.ts';
import { attemptsOf, getTask, taskEvents, taskId, taskLaunch, taskPage } from '../../app/tasks.ts';
import { ProductError } from '../../base/errors.ts';
import type { Predicate } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';
import { guardNamed } from '../guard-named.ts';
import { listRequest, pageFields } from '../v2beta1/lists.ts';
import { graphMessage } from './graph-messages.ts';
import {
  basicTask,
  errorMessage,
  fullTask,
  type NativeMessage,
  placementMessage,
  runSummary,
  valuesMessage,
} from './messages.ts';

export type NativeHandlers = Handlers<typeof NATIVE_MESSAGES, typeof NATIVE_ROUTES, Context>;
export type NativeHandlersOf<Prefix extends string> = Pick<NativeHandlers, Extract<keyof NativeHandlers, `${Prefix}${string}`>>;

export const runHandlers: NativeHandlersOf<'Run_'> = {
  async Run_List({ query }, context) {
    const within = [...context.namespaces.withinRuns(query.namespace), ...ownedBy(query)];
    const page = await listRuns(context.app, listRequest(query, within));
    const names = runNames(context.app);
    const runs = await Promise.all(page.rows.map(async (row) => runSummary(context, row, await names(row))));
    return { runs, ...pageFields(page) };
  },
  async Run_Compare({ query }, context) {
    await guardNamed(
      context,
      'runs:get',
      (query.run_ids ?? []).map((id) => ({ run_id: id })),
    );
    const { runs, parameters, metrics, tasks } = await compareRuns(context.app, query.run_ids ?? []);
    const names = runNames(context.app);
    const row = ({ name, values, isDifferent }: (typeof parameters)[number]) => ({ name, values, is_different: isDifferent });
    return {
      runs: await Promise.all(runs.map(async (run) => runSummary(context, run, await names(run)))),
      parameters: parameters.map(row),
      metrics: metrics.map(row),
      tasks: tasks.map((compared) => ({
        path: compared.path,
        display_name: compared.tasks.find((task) => task !== undefined)?.displayName ?? '',
        states: compared.tasks.map((task) => task?.state ?? ''),
        duration_ms: compared.tasks.map((task) =>
          task === undefined || task.startedAtMs === null || task.endedAtMs === null ? null : task.endedAtMs - task.startedAtMs,
        ),
        task_ids: compared.tasks.map((task) => (task ? taskId(task) : '')),
        is_different: compared.isDifferent,
      })),
    };
  },
  async Run_Get({ params }, context) {
    const { app } = context;
    const row = await getRun(app, params.run_id);
    const tasks = await app.store.listTasks(params.run_id);
    const cause = row.run.state === 'SUCCEEDED' ? undefined : await failureCause(app, tasks);
    return {
      run: runSummary(context, row, await runNames(app)(row)),
      parameters: await effectiveParameters(app, row),
      given: Object.keys(row.details.parameters),
      pipeline_root: row.run.pipelineRoot,
      service_account: row.details.serviceAccount,
      ...(row.run.outputs ? { outputs: valuesMessage(row.run.outputs, 'OUTPUT') } : {}),
      task_counts: countStates(tasks),
      ...(cause
        ? {
            cause: {
              task_id: taskId(cause.task),
              path: cause.task.path,
              display_name: cause.task.displayName,
              attempt: cause.attempt,
              ...(cause.task.error ? { error: errorMessage(cause.task.error) } : {}),
              log_tail: cause.logTail,
            },
          }
        : {}),
      state_history: reportedState(row, app.clock.now(), 'CANCELED').history.map(({ atMs, state }) => ({ at: atMs, state })),
      is_cache_used: row.run.settings.useCache !== false,
    };
  },
  async Run_GetGraph({ params }, { app }) {
    const { run } = await getRun(app, params.run_id);
    return graphMessage(pipelineGraph(await app.documents.pipeline(run.documentDigest)));
  },
  async Run_Resume({ params, body }, context) {
    const from = body.from_task_id ? await getTask(context.app, params.run_id, body.from_task_id) : undefined;
    await retryRun(context.app, params.run_id, from ? { fromTask: from.task } : {});
    return await summaryOf(context, params.run_id);
  },
  async Run_Clone({ params, body }, context) {
    await guardNamed(context, 'runs:create', [{ experiment_id: body.experiment_id }]);
    const { run } = await cloneRun(context.app, params.run_id, {
      parameters: body.parameters ?? {},
      displayName: body.display_name,
      experimentId: body.experiment_id,
      useCache: !body.is_cache_off,
    });
    return await summaryOf(context, run.runId);
  },
};

async function summaryOf(context: Context, runId: string): Promise<NativeMessage<'RunSummary'>> {
  const row = await getRun(context.app, runId);
  return runSummary(context, row, await runNames(context.app)(row));
}

function ownedBy(query: { readonly experiment_id?: string; readonly pipeline_id?: string; readonly recurring_run_id?: string }) {
  return (['experiment_id', 'pipeline_id', 'recurring_run_id'] as const).flatMap((field): readonly Predicate[] =>
    query[field] ? [{ field, operation: 'eq', values: [query[field]] }] : [],
  );
}

const DEFAULT_TASKS = 100;
const MAX_TASKS = 10_000;

export const taskHandlers: NativeHandlersOf<'Task_'> = {
  async Task_List({ params, query }, { app }) {
    await getRun(app, params.run_id);
    const page = await taskPage(app, params.run_id, {
      parentId: query.parent_id || undefined,
      after: tokenPosition(query.page_token),
      limit: pageSize(query.page_size),
      withChildren: query.view !== 'BASIC',
    });
    return {
      tasks: page.tasks.map((task) => (query.view === 'BASIC' ? basicTask(task) : fullTask(task, page.children.get(task.task)))),
      total_size: page.total,
      next_page_token: page.next === undefined ? '' : String(page.next),
    };
  },
  async Task_Get({ params }, { app }) {
    await getRun(app, params.run_id);
    return fullTask(await getTask(app, params.run_id, params.task_id));
  },
  async Task_GetDetail({ params }, { app }) {
    const { run } = await getRun(app, params.run_id);
    const task = await getTask(app, run.runId, params.task_id);
    const cache = await explainCache(app, task);
    const launch = await taskLaunch(app, task);
    const attempts = await attemptsOf(app, task);
    return {
      task: fullTask(task),
      attempts: attempts.map(({ row, logBytes }) => ({
        attempt: row.attempt,
        state: row.state,
        ...(row.error ? { error: errorMessage(row.error) } : {}),
        launched_at: row.launchedAtMs,
        ...(row.startedAtMs === null ? {} : { started_at: row.startedAtMs }),
        ...(row.endedAtMs === null ? {} : { ended_at: row.endedAtMs }),
        ...(row.cpuMs === null ? {} : { cpu_ms: row.cpuMs }),
        ...(row.peakMemoryBytes === null ? {} : { peak_memory_bytes: row.peakMemoryBytes }),
        log_bytes: logBytes,
        ...(row.placement ? { placement: placementMessage(row.placement) } : {}),
      })),
      cache: {
        result: cache.result,
        reason: cache.reason,
        fingerprint: task.cacheKey ?? '',
        ...(cache.from === undefined
          ? {}
          : { from_task_id: cache.from, from_run_id: cache.from.slice(0, cache.from.lastIndexOf('.')) }),
        differences: cache.differences,
      },
      ...(launch ? { launch } : {}),
      events: (await taskEvents(app, task)).map(({ atMs, ...event }) => ({ at: atMs, ...event })),
    };
  },
};

function pageSize(given = 0): number {
  if (given < 0) throw new ProductError('INVALID_USAGE', `The page size should be greater than 0. Got ${given}`);
  return Math.min(given || DEFAULT_TASKS, MAX_TASKS);
}

function tokenPosition(token: string | undefined): number | undefined {
  if (!token) return undefined;
  if (!/^\d{1,9}$/.test(token)) throw new ProductError('INVALID_USAGE', 'Invalid page token');
  return Number(token);
}
