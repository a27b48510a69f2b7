import type { RunRow, TaskRow } from '../model/run.ts';
import { closingLine, type ProgressOutput } from './live-progress.ts';
import type { LocalPlatform } from './local-platform.ts';
import { renderCounts } from './render-run.ts';
import { RunProgress, type FinishedLine } from './run-progress.ts';
import { summarise } from './run-summary.ts';
import type { RunOutput } from './choose-output.ts';

/** Lines of a failing step's log that are shown at once. */
const LOG_TAIL_LINES = 15;

type Update = { readonly runId: string; readonly run?: RunRow; readonly tasks: readonly TaskRow[] };

/**
 * Shows a run while it goes on. Subscribes at once and keeps what arrives, so that nothing is missed between starting a run and
 * knowing its id. Owns the interrupt handler until the run is final: Ctrl-C cancels the run, a second one ends the process.
 */
export function followRun(platform: LocalPlatform, output: RunOutput) {
  const early: Update[] = [];
  let take = (update: Update): void => void early.push(update);
  const unsubscribe = platform.engine.subscribe((update) => take(update));

  return {
    async untilFinal(run: RunRow): Promise<{ readonly run: RunRow; readonly interrupted: boolean }> {
      const progress = new RunProgress(run);
      const display = output.openProgress();
      progress.apply({ tasks: await platform.store.listTasks(run.runId) });
      const pending: Promise<void>[] = [];
      take = (update) => {
        if (update.runId !== run.runId) return;
        const ended = progress.apply(update);
        if (ended.length > 0) pending.push(showEnded(platform, run.runId, ended, display));
        display.changed(() => progress.view());
      };
      platform.onNote((note) => {
        progress.note(note.task, note.message);
        if (note.severity === 'warning') display.message(`${progress.pathOf(note.task) ?? ''}: ${note.message}`);
      }, run.runId);
      for (const update of early) take(update);
      const interrupt = cancelOnInterrupt(platform, run.runId, display);
      try {
        const final = await platform.engine.wait(run.runId);
        await Promise.all(pending);
        display.close();
        const view = { ...progress.view(), state: final.state, ...(final.endedAtMs === undefined ? {} : { endedAtMs: final.endedAtMs }) };
        output.summary(closingLine(view, renderCounts(view.counts, output.style), output.style));
        for (const line of summarise(final, { style: output.style, dataDir: platform.dataDir })) output.summary(line);
        return { run: final, interrupted: interrupt.happened() };
      } finally {
        interrupt.remove();
        display.close();
        unsubscribe();
      }
    },
  };
}

/** Prints what ended; below a failing step, the end of its log. */
async function showEnded(
  platform: LocalPlatform,
  runId: string,
  ended: readonly FinishedLine[],
  display: ProgressOutput,
): Promise<void> {
  const failed = ended.filter((line) => line.state === 'FAILED' && line.step);
  if (failed.length === 0) return display.finished(ended);
  const details = new Map<string, readonly string[]>();
  for (const line of failed) {
    const { task, attempts } = line.step!;
    const hint = line.error?.hint === undefined ? [] : [line.error.hint];
    const more = line.error?.message.split('\n').slice(1) ?? [];
    const tail = await platform.logTail({ runId, task, attempt: Math.max(0, attempts - 1), maxLines: LOG_TAIL_LINES });
    details.set(line.path, [...more, ...hint, ...tail]);
  }
  display.finished(ended, details);
}

function cancelOnInterrupt(platform: LocalPlatform, runId: string, display: ProgressOutput) {
  let count = 0;
  const onSignal = (): void => {
    count += 1;
    if (count === 1) {
      display.message('canceling the run; press Ctrl-C again to leave at once');
      void platform.engine.cancel(runId, 'interrupted');
      return;
    }
    display.close();
    void platform.abort().finally(() => process.exit(130));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    happened: () => count > 0,
    remove: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
