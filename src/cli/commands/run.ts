import { ProductError } from '../../base/errors.ts';
import { EXIT } from '../command-error.ts';
import { confirmed } from '../server/confirm.ts';
import { findId } from '../server/find-object.ts';
import { RUN } from '../server/kinds.ts';
import { type ListOptions, listQuery, wholeNumber } from '../server/list-query.ts';
import { printDeleted, printLines, printList, printObject } from '../server/print-objects.ts';
import { openSession, type ServerOptions, type Session } from '../server/session.ts';
import { waitingLines } from '../server/waiting-steps.ts';
import { exitCodeOf, watchRun } from '../server/watch-run.ts';

export interface ListRunsOptions extends ServerOptions, ListOptions {
  /** Id or name. */
  readonly experimentId?: string;
}

export async function list(options: ListRunsOptions): Promise<number> {
  const session = openSession(options);
  const { namespace } = session.connection;
  const { experimentId: experiment } = options;
  const experiment_id = experiment === undefined ? undefined : await findId(session, 'experiment', experiment);
  const query = { ...listQuery(options), namespace, experiment_id };
  const { runs = [], next_page_token } = await session.kfp.call('RunService_ListRuns', { query });
  printList(RUN, runs, { output: session.output, nextPageToken: next_page_token });
  return EXIT.ok;
}

export interface GetRunOptions extends ServerOptions {
  readonly watch?: true;
  /** kfp's older word for `--output json`. */
  readonly detail?: true;
}

export async function get(run: string, options: GetRunOptions): Promise<number> {
  const session = openSession(options.detail ? { ...options, output: 'json' } : options);
  const runId = await findId(session, 'run', run);
  if (!options.watch) {
    await show(session, runId);
    if (session.output !== 'json') printLines(await waitingLines(session, runId));
    return EXIT.ok;
  }
  const watched = await watchRun(session, runId, { timeoutMs: 0 });
  if (session.output === 'json') await show(session, runId);
  return exitCodeOf(watched, runId);
}

/** `run wait RUN`: ends when the run does, with its state as the exit code. */
export async function wait(run: string, options: ServerOptions & { readonly timeout: string }): Promise<number> {
  const timeoutMs = wholeNumber('--timeout', options.timeout) * 1000;
  const session = openSession(options);
  const runId = await findId(session, 'run', run);
  const watched = await watchRun(session, runId, { timeoutMs, quiet: true });
  if (watched.kind === 'final') await show(session, runId);
  return exitCodeOf(watched, runId);
}

type Change = 'archive' | 'unarchive' | 'terminate' | 'retry';
const CHANGES = {
  archive: 'RunService_ArchiveRun',
  unarchive: 'RunService_UnarchiveRun',
  terminate: 'RunService_TerminateRun',
  retry: 'RunService_RetryRun',
} as const satisfies Readonly<Record<Change, string>>;

/** Archive, unarchive, terminate, retry: the run is shown as it is then. */
export async function change(
  verb: Change,
  run: string,
  options: ServerOptions & { readonly fromTask?: string },
): Promise<number> {
  const session = openSession(options);
  const runId = await findId(session, 'run', run);
  const params = { run_id: runId };
  if (options.fromTask !== undefined) {
    await session.own.call('Run_Resume', { params, body: { from_task_id: taskPath(options.fromTask) } });
  } else await session.kfp.call(CHANGES[verb], { params });
  await show(session, runId);
  return EXIT.ok;
}

export async function remove(run: string, options: ServerOptions & { readonly yes?: true }): Promise<number> {
  const session = openSession(options);
  const runId = await findId(session, 'run', run);
  if (!(await confirmed(`Delete the run ${run}?`, options))) return EXIT.ok;
  await session.kfp.call('RunService_DeleteRun', { params: { run_id: runId } });
  printDeleted('run', runId, session.output);
  return EXIT.ok;
}

export interface CloneOptions extends ServerOptions {
  readonly runName?: string;
  readonly enableCaching?: boolean;
}

/** `run clone RUN [name=value]…`: the same pipeline again, with single arguments changed. */
export async function clone(run: string, pairs: readonly string[], options: CloneOptions): Promise<number> {
  const session = openSession(options);
  const runId = await findId(session, 'run', run);
  const parameters = Object.fromEntries(pairs.map(readPair));
  const made = await session.own.call('Run_Clone', {
    params: { run_id: runId },
    body: { display_name: options.runName ?? '', parameters, is_cache_off: options.enableCaching === false },
  });
  await show(session, made.run_id ?? '');
  return EXIT.ok;
}

/** What is JSON is a value, anything else a text, as in kfp's `run create`. */
function readPair(pair: string): [string, never] {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new ProductError('INVALID_USAGE', `${pair} is not of the form name=value`);
  const text = pair.slice(equals + 1);
  try {
    return [pair.slice(0, equals), JSON.parse(text) as never];
  } catch {
    return [pair.slice(0, equals), text as never];
  }
}

/** The paths of tasks begin with `/`; a name at the top of the pipeline may be written without. An id has a dot. */
export const taskPath = (text: string): string => (text.startsWith('/') || /^[0-9a-f-]{36}\.\d+$/.test(text) ? text : `/${text}`);

async function show({ kfp, output }: Session, runId: string): Promise<void> {
  printObject(RUN, await kfp.call('RunService_GetRun', { params: { run_id: runId } }), output);
}
