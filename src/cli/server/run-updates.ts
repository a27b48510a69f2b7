import { setTimeout as sleep } from 'node:timers/promises';
import { decodeMessage } from '../../api/decode-message.ts';
import type { Message } from '../../api/message.ts';
import { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import { ProductError } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json.ts';
import { knownFields } from '../../client/known-fields.ts';
import { serverEvents, type ServerEvent } from '../../client/server-events.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { TaskKind } from '../../model/run.ts';
import { isFinalRun, RUN_STATES, type RunState, TASK_STATES, type TaskState } from '../../model/states.ts';
import type { ProgressRun, ProgressTask } from '../run-progress.ts';
import { polledRun } from './polled-run.ts';
import type { Session } from './session.ts';

export type PipelineTask = Message<typeof NATIVE_MESSAGES, 'PipelineTask'>;
export type RunSummary = Message<typeof NATIVE_MESSAGES, 'RunSummary'>;

/** What a server says about a run, in the form the progress view takes. */
export interface RunUpdate {
  readonly run?: ProgressRun;
  readonly tasks: readonly ProgressTask[];
  readonly notes: readonly { readonly task: number; readonly path: string; readonly message: string }[];
}

/** A stream that breaks is opened again so many times before the caller is told: a server may be restarted meanwhile. */
const MAX_RECONNECTS = 20;
const RECONNECT_MS = 500;

/**
 * Updates of a run until it is final; the first ones tell all there is. A connection that breaks is opened again, which tells
 * everything once more: updates may repeat.
 */
export async function* runUpdates(session: Session, runId: string, signal?: AbortSignal): AsyncGenerator<RunUpdate> {
  let hasEvents = false;
  for (let failures = 0; failures <= MAX_RECONNECTS; failures += 1) {
    if (failures > 0) await sleep(RECONNECT_MS, undefined, signal === undefined ? {} : { signal });
    try {
      for await (const update of streamedUpdates(session, runId, signal)) {
        hasEvents = true;
        failures = 0;
        yield update;
        if (update.run && isFinalRun(update.run.state)) return;
      }
    } catch (error) {
      if (signal?.aborted || !(error instanceof ProductError)) throw error;
      // Another Kubeflow Pipelines, which has no events; or there is no such run, which asking once more says better.
      if (error.code === 'NOT_FOUND' && !hasEvents) {
        for await (const run of polledRun(session, runId, signal)) yield { run, tasks: [], notes: [] };
        return;
      }
      if (error.code !== 'UNAVAILABLE' || !hasEvents || failures === MAX_RECONNECTS) throw error;
    }
  }
  throw new ProductError('UNAVAILABLE', `${session.connection.endpoint} keeps ending the connection`);
}

async function* streamedUpdates(session: Session, runId: string, signal?: AbortSignal): AsyncGenerator<RunUpdate> {
  const stream = await session.own.open('Run_StreamEvents', { params: { run_id: runId }, signal });
  try {
    for await (const event of serverEvents(stream.body!)) {
      const update = readUpdate(event);
      if (update) yield update;
    }
  } catch (error) {
    if (error instanceof ProductError || signal?.aborted) throw error;
    throw new ProductError('UNAVAILABLE', `${session.connection.endpoint} ended the connection`, { cause: error });
  }
}

function readUpdate({ event, data }: ServerEvent): RunUpdate | undefined {
  const json = JSON.parse(data) as JsonValue;
  if (event === 'tasks') {
    const { tasks = [] } = read('ListTasksResponse', json);
    return { tasks: tasks.map(progressTask), notes: [] };
  }
  if (event === 'run') return { run: progressRun(read('RunSummary', json)), tasks: [], notes: [] };
  if (event === 'note') return { tasks: [], notes: [json as unknown as RunUpdate['notes'][number]] };
  if (event === 'deleted') throw new ProductError('NOT_FOUND', 'the run was deleted');
  return undefined;
}

function read<Name extends keyof typeof NATIVE_MESSAGES>(name: Name, json: JsonValue) {
  return decodeMessage(NATIVE_MESSAGES, name, knownFields(NATIVE_MESSAGES, name, json));
}

export function progressRun(run: RunSummary): ProgressRun {
  return {
    runId: run.run_id ?? '',
    pipelineName: run.pipeline_name || run.display_name || '',
    state: run.state !== undefined && run.state in RUN_STATES ? (run.state as RunState) : 'PENDING',
    createdAtMs: run.created_at ?? 0,
    ...(run.started_at === undefined ? {} : { startedAtMs: run.started_at }),
    ...(run.ended_at === undefined ? {} : { endedAtMs: run.ended_at }),
  };
}

/** Zero values are left out on the wire: the root is number 0, and the iteration is told by the path. */
export function progressTask(task: PipelineTask): ProgressTask {
  const path = task.path ?? '/';
  const iteration = /\[(\d+)\]$/.exec(path)?.[1];
  const { error } = task;
  return {
    task: task.number ?? 0,
    parentTask: task.parent_task_id ? numberOf(task.parent_task_id) : null,
    path,
    kind: (task.kind ?? 'container') as TaskKind,
    iteration: iteration === undefined ? null : Number(iteration),
    ...(task.type_attributes?.iteration_count === undefined ? {} : { iterationCount: task.type_attributes.iteration_count }),
    state: task.state !== undefined && task.state in TASK_STATES ? (task.state as TaskState) : 'PENDING',
    stateReason: task.state_reason ?? null,
    error: error
      ? {
          code: error.code ?? 0,
          message: error.message ?? '',
          cause: (error.cause ?? 'step') as TaskError['cause'],
          ...(error.hint ? { hint: error.hint } : {}),
        }
      : null,
    attempts: task.attempt_count ?? 0,
    createdAtMs: task.create_time ?? 0,
    startedAtMs: task.start_time ?? null,
    endedAtMs: task.end_time ?? null,
  };
}

/** A task's id is the run's and its number: `<run id>.12`. */
const numberOf = (taskId: string): number => Number(taskId.slice(taskId.lastIndexOf('.') + 1));
