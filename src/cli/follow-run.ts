import { systemClock } from '../base/clock.ts';
import type { EngineUpdate } from '../engine/run-listeners.ts';
import { logFile, readLogTail } from '../launcher/log-file.ts';
import type { RunRow, TaskRow } from '../model/run.ts';
import type { Platform } from '../start.ts';
import type { RunOutput } from './choose-output.ts';
import { EXIT } from './command-error.ts';
import { closingLine, type ProgressOutput } from './live-progress.ts';
import { renderCounts } from './render-run.ts';
import { RunProgress, type FinishedLine, type RunView } from './run-progress.ts';
import { summarise } from './run-summary.ts';

/** Lines of a failing step's log that are shown at once. */
const LOG_TAIL_LINES = 15;
const LOG_TAIL_BYTES = 16 * 1024;
/** One Ctrl-C may arrive twice: from the terminal and from the process that started this one. */
export const SAME_KEY_MS = 300;
/** A second Ctrl-C ends the process after this time, even if the disk does not answer. */
const MAX_LEAVING_MS = 2000;

/**
 * Shows a run while it goes on. Subscribes at once and keeps what arrives, so that nothing is missed between starting a run and
 * knowing its id. Owns the interrupt handler until the run is final: Ctrl-C cancels the run, a second one ends the process.
 */
export function followRun(platform: Platform, output: RunOutput) {
  const early: EngineUpdate[] = [];
  let take = (update: EngineUpdate): void => void early.push(update);
  const unsubscribe = platform.engine.subscribe((update) => take(update));

  async function untilFinal({ run, earlier }: StartedRun): Promise<FollowedRun> {
    const progress = new RunProgress(run);
    const display = output.openProgress();
    const printing: Promise<void>[] = [];
    const told = new Set<string>();
    progress.apply({ tasks: earlier });
    take = (update) => {
      if (update.runId !== run.runId) return;
      const ended = progress.apply(update);
      for (const note of update.notes) {
        progress.note(note.task, note.message);
        // Ten steps that wait for one environment say the same.
        if (told.has(note.message)) continue;
        told.add(note.message);
        display.message(`${note.path}: ${note.message}`);
      }
      if (ended.length > 0) printing.push(showEnded(platform, run.runId, ended, display));
      display.changed(() => progress.view());
    };
    for (const update of early) take(update);
    const interrupt = cancelOnInterrupt(platform, run.runId, display);
    try {
      const final = await platform.engine.wait(run.runId);
      await Promise.all(printing);
      display.close();
      printClosing(final, progress.view(), { output, dataDir: platform.dataDir });
      return { run: final, interrupted: interrupt.happened() };
    } finally {
      interrupt.remove();
      display.close();
      unsubscribe();
    }
  }
  return { untilFinal };
}

export interface StartedRun {
  readonly run: RunRow;
  /** Rows of a resumed run as they were before it was resumed; none for a new run. */
  readonly earlier: readonly TaskRow[];
}

interface FollowedRun {
  readonly run: RunRow;
  readonly interrupted: boolean;
}

function printClosing(
  final: RunRow,
  lastView: RunView,
  { output, dataDir }: { readonly output: RunOutput; readonly dataDir: string },
): void {
  const view = { ...lastView, state: final.state, ...(final.endedAtMs === undefined ? {} : { endedAtMs: final.endedAtMs }) };
  const hasSteps = Object.values(view.counts).some((count) => count > 0);
  const counts = hasSteps ? renderCounts(view.counts, output.style) : 'no step was reached';
  output.summary(closingLine(view, counts, output.style));
  const tellError = view.counts.failed === 0;
  for (const line of summarise(final, { style: output.style, dataDir, tellError })) output.summary(line);
}

/** Prints what ended; below a failing step, the end of its log. */
async function showEnded(
  platform: Platform,
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
    const log = logFile(platform.dataDir, `${runId}.${task}.${Math.max(0, attempts - 1)}`);
    const tail = (await readLogTail(log, LOG_TAIL_BYTES)).trimEnd().split('\n').slice(-LOG_TAIL_LINES);
    // Without a log (the step was never started) the rest of the message is all there is to tell.
    const rest = tail.join('') === '' ? (line.error?.message.split('\n').slice(1) ?? []) : tail;
    details.set(line.path, [...hint, ...rest]);
  }
  display.finished(ended, details);
}

function cancelOnInterrupt(platform: Platform, runId: string, display: ProgressOutput) {
  let count = 0;
  let lastMs = 0;
  const onSignal = (): void => {
    const nowMs = systemClock.now();
    if (nowMs - lastMs < SAME_KEY_MS) return;
    lastMs = nowMs;
    count += 1;
    if (count === 1) {
      display.message('canceling the run; press Ctrl-C again to leave at once');
      void platform.engine.cancel(runId, 'interrupted');
      return;
    }
    display.close();
    // Steps that take their time are ended by their fork-servers; whoever opens the data folder next reads how.
    const leave = () => process.exit(EXIT.interrupted);
    systemClock.at(nowMs + MAX_LEAVING_MS, leave);
    void platform.close().finally(leave);
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
