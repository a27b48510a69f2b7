import { taskId } from '../../app/tasks.ts';
import type { Context } from '../context.ts';
import type { LineageRow, TaskRow } from '../../model/run.ts';
import type { RuntimeStateName } from './runtime-state.ts';
import { runtimeState } from './runtime-state.ts';
import { numericId } from '../numeric-id.ts';
import type { V2Message } from './pipeline-messages.ts';
import { statusOf } from './run-messages.ts';

/** The tasks of a run as the reference server derives them from its workflow: one entry for each task, group and iteration. */
export async function runDetails({ app }: Context, runId: string): Promise<V2Message<'RunDetails'>> {
  const tasks = await app.store.listTasks(runId);
  const lineage = Map.groupBy(await app.store.lineageOfRun(runId), ({ task }) => task);
  const children = Map.groupBy(tasks, ({ parentTask }) => parentTask);
  return {
    pipeline_run_context_id: numericId(runId),
    task_details: tasks.map((task) => taskDetail(task, children.get(task.task) ?? [], lineage.get(task.task) ?? [])),
  };
}

function taskDetail(
  task: TaskRow,
  children: readonly TaskRow[],
  lineage: readonly LineageRow[],
): V2Message<'PipelineTaskDetail'> {
  const artifacts = (direction: LineageRow['direction']) =>
    Object.fromEntries(
      [
        ...Map.groupBy(
          lineage.filter((row) => row.direction === direction),
          ({ name }) => name,
        ),
      ].map(([name, rows]) => [name, { artifact_ids: rows.map(({ artifactId }) => numericId(artifactId)) }]),
    );
  const state: RuntimeStateName = runtimeState(task.state);
  const error = task.error ? { error: statusOf(task.error) } : {};
  return {
    run_id: task.runId,
    task_id: taskId(task),
    display_name: task.displayName,
    create_time: task.createdAtMs,
    start_time: task.startedAtMs ?? 0,
    end_time: task.endedAtMs ?? 0,
    ...(task.kind === 'container' ? { executor_detail: { main_job: taskId(task) }, pod_name: taskId(task) } : {}),
    state,
    execution_id: numericId(taskId(task)),
    ...error,
    inputs: artifacts('input'),
    outputs: artifacts('output'),
    ...(task.parentTask === null ? {} : { parent_task_id: taskId({ runId: task.runId, task: task.parentTask }) }),
    state_history: [{ update_time: task.endedAtMs ?? task.startedAtMs ?? task.createdAtMs, state, ...error }],
    child_tasks: children.map((child) => ({
      task_id: taskId(child),
      ...(child.kind === 'container' ? { pod_name: taskId(child) } : {}),
    })),
  };
}
