import { formatDuration } from './duration.ts';
import { renderFinished, renderRun, renderWaiting, waitsFor } from './render-run.ts';
import type { FinishedLine, RunView } from './run-progress.ts';
import type { Style } from './style.ts';

/** How a run is followed while it goes on. */
export interface ProgressOutput {
  /** Something ended; `details` (a failing step's log tail) are printed below it. */
  finished(lines: readonly FinishedLine[], details?: ReadonlyMap<string, readonly string[]>): void;
  message(text: string): void;
  /** Called after every change with a way to compute the view: it is only computed when it is drawn. */
  changed(view: () => RunView): void;
  /** Takes the live part away; nothing is drawn afterwards. */
  close(): void;
}

/** The part of a terminal this file needs; tests pass a string collector. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

interface OutputOptions {
  readonly terminal: Terminal;
  readonly style: Style;
  readonly now: () => number;
}

const REDRAW_MS = 100;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[0J';

/**
 * Draws the live part below what has been printed and redraws it in place. Owns the cursor between its first write and `close`.
 * I1. Finished lines are printed once and never touched again.
 * I2. At most one redraw per 100 ms, however many updates arrive.
 */
export class LiveProgress implements ProgressOutput {
  readonly #options: OutputOptions;
  #view: (() => RunView) | undefined;
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
    options.terminal.write(HIDE_CURSOR);
    // Drawing alone is no reason for the process to go on.
    this.#timer = setInterval(() => this.#draw([]), REDRAW_MS).unref();
  }

  finished(lines: readonly FinishedLine[], details?: ReadonlyMap<string, readonly string[]>): void {
    const { style } = this.#options;
    const text = lines.flatMap((line) => [
      renderFinished(line, { width: this.#width(), style }),
      ...(details?.get(line.path) ?? []).map((detail) => style.dim(`      ${detail}`)),
    ]);
    if (text.length > 0) this.#draw(text);
  }

  message(text: string): void {
    this.#draw([`  ${text}`]);
  }

  changed(view: () => RunView): void {
    this.#view = view;
  }

  close(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#options.terminal.write(`${this.#eraser()}${SHOW_CURSOR}`);
    this.#drawnLines = 0;
  }

  #draw(printed: readonly string[]): void {
    const live = this.#timer !== undefined && this.#view ? this.#liveLines(this.#view()) : [];
    const text = [...printed, ...live].map((line) => `${line}\n`).join('');
    this.#options.terminal.write(this.#eraser() + text);
    this.#drawnLines = live.length;
  }

  #liveLines(view: RunView): string[] {
    const lines = renderRun(view, { nowMs: this.#options.now(), width: this.#width(), style: this.#options.style });
    // A live part taller than the terminal could not be erased again.
    return ['', ...lines].slice(0, Math.max(2, (this.#options.terminal.rows ?? 24) - 2));
  }

  #eraser(): string {
    return this.#drawnLines === 0 ? '' : `\u001b[${this.#drawnLines}A\r${CLEAR_BELOW}`;
  }

  #width(): number {
    return Math.max(20, (this.#options.terminal.columns ?? 80) - 1);
  }
}

/** How often the plain output says how far a large loop is, and what steps wait for. */
const REPORT_MS = 5000;

/** One timestamped line per event: for files, pipes and CI logs. */
export class PlainProgress implements ProgressOutput {
  readonly #options: OutputOptions;
  /** What steps wait for is told once, whatever waits for it. */
  readonly #toldWaiting = new Set<string>();
  #view: (() => RunView) | undefined;
  readonly #timer: NodeJS.Timeout;
  #lastReportMs: number;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#lastReportMs = options.now();
    // Also while nothing changes: a step may wait long.
    this.#timer = setInterval(() => this.#report(), REPORT_MS).unref();
  }

  finished(lines: readonly FinishedLine[], details?: ReadonlyMap<string, readonly string[]>): void {
    for (const line of lines) {
      this.#line(renderFinished(line, { width: 500, style: this.#options.style }).trimStart());
      for (const detail of details?.get(line.path) ?? []) this.#line(`    ${detail}`);
    }
  }

  message(text: string): void {
    this.#line(text);
  }

  changed(view: () => RunView): void {
    this.#view = view;
    if (this.#options.now() - this.#lastReportMs >= REPORT_MS) this.#report();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#view = undefined;
  }

  #report(): void {
    const view = this.#view?.();
    if (!view) return;
    // Nothing has changed since it was told last.
    this.#view = undefined;
    this.#lastReportMs = this.#options.now();
    for (const loop of view.loops) this.#line(`${loop.path}  ${loop.done}/${loop.total} iterations`);
    for (const step of view.waiting) {
      const what = waitsFor(step.reason);
      if (this.#toldWaiting.has(what)) continue;
      this.#toldWaiting.add(what);
      this.#line(renderWaiting(step, this.#options.style));
    }
  }

  #line(text: string): void {
    const at = new Date(this.#options.now()).toISOString().slice(11, 19);
    this.#options.terminal.write(`${this.#options.style.dim(at)} ${text}\n`);
  }
}

/** Says nothing: `--json` without a terminal to follow the run on. */
export const silentProgress: ProgressOutput = { finished() {}, message() {}, changed() {}, close() {} };

/** The closing line: `✓ penguins succeeded in 2.1 s (9 done · 2 skipped)`. */
export function closingLine(view: RunView, counts: string, style: Style): string {
  const took = formatDuration((view.endedAtMs ?? view.startedAtMs) - view.startedAtMs);
  const [mark, word] = CLOSING[view.state] ?? ['·', view.state.toLowerCase()];
  const paint = view.state === 'SUCCEEDED' ? style.good : view.state === 'FAILED' ? style.bad : style.warn;
  return `${paint(mark)} ${style.strong(view.title)} ${paint(word)} in ${took}  ${style.dim('(')}${counts}${style.dim(')')}`;
}

const CLOSING: Partial<Record<RunView['state'], readonly [string, string]>> = {
  SUCCEEDED: ['✓', 'succeeded'],
  FAILED: ['✗', 'failed'],
  CANCELED: ['■', 'was canceled'],
};
