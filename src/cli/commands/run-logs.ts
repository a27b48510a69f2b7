import { ProductError } from '../../base/errors.ts';
import { isFinalTask } from '../../model/states.ts';
import { EXIT } from '../command-error.ts';
import type { ProgressTask } from '../run-progress.ts';
import { findId } from '../server/find-object.ts';
import { wholeNumber } from '../server/list-query.ts';
import { progressTask, runUpdates } from '../server/run-updates.ts';
import { openSession, type ServerOptions, type Session } from '../server/session.ts';
import { taskPath } from './run.ts';

export interface LogsOptions extends ServerOptions {
  readonly follow?: true;
  readonly attempt?: string;
  readonly tail?: string;
}

const PAGE = 1000;

/** `run logs RUN [TASK]`: what a step has printed, or all steps one after the other; with `--follow`, as they print it. */
export async function logs(run: string, task: string | undefined, options: LogsOptions): Promise<number> {
  const session = openSession(options);
  const runId = await findId(session, 'run', run);
  const range = {
    attempt: options.attempt === undefined ? undefined : wholeNumber('--attempt', options.attempt),
    tail: options.tail === undefined ? undefined : wholeNumber('--tail', options.tail),
    follow: options.follow,
  };
  if (task !== undefined) await copyLog(session, { runId, task: await taskNamed(session, runId, task), range, prefix: '' });
  else if (options.follow) await followAll(session, runId, range);
  else await printAll(session, runId, range);
  return EXIT.ok;
}

type Range = { readonly attempt: number | undefined; readonly tail: number | undefined; readonly follow: true | undefined };

interface LogCopy {
  readonly runId: string;
  /** Path or id. */
  readonly task: string;
  readonly range: Range;
  /** Written before each line, where the lines of several steps are mixed. */
  readonly prefix: string;
}

async function printAll(session: Session, runId: string, range: Range): Promise<void> {
  const steps = (await allTasks(session, runId)).filter((task) => isStep(task) && task.attempts > 0);
  for (const [index, step] of steps.entries()) {
    if (steps.length > 1) process.stdout.write(`${index === 0 ? '' : '\n'}==> ${step.path} <==\n`);
    await copyLog(session, { runId, task: step.path, range, prefix: '' });
  }
  if (steps.length === 0) process.stderr.write('no step of this run has started\n');
}

/** A log is opened when its step starts; all of them end with their steps. */
async function followAll(session: Session, runId: string, range: Range): Promise<void> {
  const opened = new Map<number, Promise<void>>();
  for await (const { tasks } of runUpdates(session, runId)) {
    for (const task of tasks) {
      const hasStarted = isStep(task) && task.attempts > 0 && (task.state === 'RUNNING' || isFinalTask(task.state));
      if (!hasStarted || opened.has(task.task)) continue;
      opened.set(task.task, copyLog(session, { runId, task: task.path, range, prefix: `${task.path} | ` }));
    }
  }
  await Promise.all(opened.values());
}

async function copyLog(session: Session, { runId, task, range, prefix }: LogCopy): Promise<void> {
  const params = { run_id: runId, task_id: task };
  const response = await session.own.open('Task_GetLog', { params, query: range });
  if (!response.body) return;
  if (prefix === '') {
    for await (const chunk of response.body) await write(chunk as Uint8Array);
    return;
  }
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop()!;
    await write(lines.map((line) => `${prefix}${line}\n`).join(''));
  }
  if (rest !== '') await write(`${prefix}${rest}\n`);
}

/** Whoever reads slowly slows the reading down: a log may be larger than memory. */
function write(content: Uint8Array | string): Promise<void> | void {
  if (process.stdout.write(content) || process.stdout.destroyed) return;
  return new Promise((resolve) => {
    process.stdout.once('drain', resolve);
    process.stdout.once('close', resolve);
  });
}

/** The task at a path, or the only one of a name. Throws NOT_FOUND with the paths there are. */
async function taskNamed(session: Session, runId: string, text: string): Promise<string> {
  const wanted = taskPath(text);
  if (!wanted.startsWith('/')) return wanted;
  const tasks = (await allTasks(session, runId)).filter(isStep);
  if (tasks.some(({ path }) => path === wanted)) return wanted;
  const alike = tasks.filter(({ path }) => path.endsWith(wanted));
  if (alike.length === 1) return alike[0]!.path;
  const shown = (alike.length > 0 ? alike : tasks).slice(0, 20).map(({ path }) => path);
  throw new ProductError('NOT_FOUND', `the run has ${alike.length > 0 ? 'several tasks' : 'no task'} ${text}`, {
    hint: shown.length === 0 ? 'No task has started yet.' : `Steps: ${shown.join(', ')}`,
  });
}

async function allTasks({ own }: Session, runId: string): Promise<ProgressTask[]> {
  const tasks: ProgressTask[] = [];
  for (let token: string | undefined; ;) {
    const query = { view: 'BASIC', page_size: PAGE, page_token: token };
    const page = await own.call('Task_List', { params: { run_id: runId }, query });
    tasks.push(...(page.tasks ?? []).map(progressTask));
    token = page.next_page_token;
    if (!token) return tasks;
  }
}

const isStep = ({ kind }: ProgressTask): boolean => kind !== 'dag' && kind !== 'loop';
