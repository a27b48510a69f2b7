import { isFinalRun } from '../../model/states.ts';
import { chooseOutput } from '../choose-output.ts';
import { EXIT } from '../command-error.ts';
import { closingLine, type ProgressOutput } from '../live-progress.ts';
import { renderCounts } from '../render-run.ts';
import { type FinishedLine, type ProgressRun, RunProgress } from '../run-progress.ts';
import { outputLines } from './run-outputs.ts';
import { runUpdates } from './run-updates.ts';
import type { Session } from './session.ts';

/** Lines of a failing step's log that are shown at once. */
const LOG_TAIL_LINES = 15;
const LOG_TAIL_BYTES = 16 * 1024;

export interface WatchOptions {
  /** Stop watching after this time; 0: never. */
  readonly timeoutMs: number;
  /** Say nothing, only wait. */
  readonly quiet?: boolean;
}

export type Watched =
  | { readonly kind: 'final'; readonly run: ProgressRun }
  /** The run goes on without being watched. */
  | { readonly kind: 'interrupted' | 'timeout' };

/** Shows a run of a server until it is final, as `local` shows one of its own. Ctrl-C ends the watching, not the run. */
export async function watchRun(session: Session, runId: string, options: WatchOptions): Promise<Watched> {
  const leave = new AbortController();
  let reason: 'interrupted' | 'timeout' = 'interrupted';
  const onSignal = () => leave.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const onTimeout = () => {
    reason = 'timeout';
    leave.abort();
  };
  if (!options.quiet) process.stderr.write('watching; Ctrl-C ends the watching, not the run\n');
  const timer = options.timeoutMs > 0 ? setTimeout(onTimeout, options.timeoutMs) : undefined;
  try {
    return { kind: 'final', run: await follow(session, runId, { signal: leave.signal, quiet: options.quiet === true }) };
  } catch (error) {
    if (leave.signal.aborted) return { kind: reason };
    throw error;
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

async function follow(
  session: Session,
  runId: string,
  { signal, quiet }: { readonly signal: AbortSignal; readonly quiet: boolean },
): Promise<ProgressRun> {
  const output = chooseOutput({ json: quiet || session.output === 'json' });
  const display = quiet ? undefined : output.openProgress();
  let progress: RunProgress | undefined;
  const waiting: Parameters<RunProgress['apply']>[0]['tasks'][number][] = [];
  try {
    for await (const update of runUpdates(session, runId, signal)) {
      waiting.push(...update.tasks);
      // Tasks come before the run they belong to.
      if (update.run) progress ??= new RunProgress(update.run);
      if (!progress) continue;
      const ended = progress.apply({ ...(update.run ? { run: update.run } : {}), tasks: waiting.splice(0) });
      for (const { task, path, message } of update.notes) {
        progress.note(task, message);
        display?.message(`${path}: ${message}`);
      }
      if (display && ended.length > 0) await showEnded(session, runId, { ended, display });
      const shown = progress;
      display?.changed(() => shown.view());
      if (!update.run || !isFinalRun(update.run.state)) continue;
      display?.close();
      const view = progress.view();
      if (!display) return update.run;
      const hasSteps = Object.values(view.counts).some((count) => count > 0);
      const counts = hasSteps ? renderCounts(view.counts, output.style) : 'no step was seen';
      output.summary(closingLine(view, counts, output.style));
      for (const line of await outputLines(session, runId, output.style)) output.summary(line);
      return update.run;
    }
    throw new Error('bug: the updates of a run end with its end');
  } finally {
    display?.close();
  }
}

/** Prints what ended; below a failing step, the end of its log. */
async function showEnded(
  session: Session,
  runId: string,
  { ended, display }: { readonly ended: readonly FinishedLine[]; readonly display: ProgressOutput },
): Promise<void> {
  const details = new Map<string, readonly string[]>();
  for (const { path, state, step, error } of ended) {
    if (state !== 'FAILED' || !step) continue;
    const tail = await logTail(session, runId, step.task).catch(() => '');
    const rest = tail === '' ? (error?.message.split('\n').slice(1) ?? []) : tail.split('\n').slice(-LOG_TAIL_LINES);
    details.set(path, [...(error?.hint === undefined ? [] : [error.hint]), ...rest]);
  }
  display.finished(ended, details);
}

async function logTail({ own }: Session, runId: string, task: number): Promise<string> {
  const params = { run_id: runId, task_id: `${runId}.${task}` };
  const response = await own.open('Task_GetLog', { params, query: { tail: LOG_TAIL_BYTES } });
  return (await response.text()).trimEnd();
}

/** What watching ended with, as an exit code; a run that is no longer watched goes on, which is said. */
export function exitCodeOf(watched: Watched, runId: string): number {
  if (watched.kind === 'final') return watched.run.state === 'SUCCEEDED' ? EXIT.ok : EXIT.runFailed;
  const why = watched.kind === 'timeout' ? 'the time to wait is over' : 'no longer watching';
  process.stderr.write(
    `${why}; the run goes on. To see it: pipewright run wait ${runId}   To end it: pipewright run terminate ${runId}\n`,
  );
  return watched.kind === 'timeout' ? EXIT.runFailed : EXIT.interrupted;
}
