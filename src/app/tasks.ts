import { ProductError } from '../base/errors.ts';
import { logFile } from '../launcher/log-file.ts';
import type { AttemptRow, TaskRow } from '../model/run.ts';
import { isFinalTask } from '../model/states.ts';
import type { App } from './app.ts';

/** A task's id is its run's and its number in it. */
export const taskId = ({ runId, task }: Pick<TaskRow, 'runId' | 'task'>): string => `${runId}.${task}`;

/** A task of a run by its id, its number, or its path. Throws NOT_FOUND. */
export async function getTask({ store }: App, runId: string, name: string): Promise<TaskRow> {
  const tasks = await store.listTasks(runId);
  const found = tasks.find((task) => taskId(task) === name || String(task.task) === name || task.path === name);
  if (!found) throw new ProductError('NOT_FOUND', `Task ${name} of run ${runId} not found`);
  return found;
}

export interface TaskLog {
  /** It need not exist: a step that prints nothing has no log. */
  readonly file: string;
  readonly attempt: number;
  /** Whether nothing more will be written, as far as is known now. */
  isComplete(): Promise<boolean>;
}

/** The log of an attempt; by default of the last one. Throws NOT_FOUND. */
export async function taskLog(app: App, task: TaskRow, attempt?: number): Promise<TaskLog> {
  const number = attempt ?? Math.max(0, task.attempts - 1);
  if (number < 0 || (attempt !== undefined && attempt >= Math.max(1, task.attempts))) {
    throw new ProductError('NOT_FOUND', `Attempt ${number} of task ${taskId(task)} not found`);
  }
  return {
    file: logFile(app.dataDir, `${taskId(task)}.${number}`),
    attempt: number,
    async isComplete() {
      const tasks = await app.store.listTasks(task.runId);
      const now = tasks.find((row) => row.task === task.task);
      return !now || isFinalTask(now.state) || now.attempts > number + 1;
    },
  };
}

/** Attempts of one task, the first one first. */
export async function attemptsOf({ store }: App, { runId, task }: TaskRow): Promise<readonly AttemptRow[]> {
  const attempts = await store.listAttempts(runId);
  return attempts.filter((row) => row.task === task).toSorted((left, right) => left.attempt - right.attempt);
}
