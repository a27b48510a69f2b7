import { stripVTControlCharacters } from 'node:util';
import { formatDuration } from './duration.ts';
import type { FinishedLine, LoopLine, RunView, StepCounts } from './run-progress.ts';
import type { Style } from './style.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const BAR_WIDTH = 24;
/** Live lines for running steps and for loops; the rest is told as a number. */
const MAX_RUNNING_LINES = 8;
const MAX_LOOP_LINES = 4;
const MAX_WAITING_LINES = 3;

export interface RenderOptions {
  readonly nowMs: number;
  /** Columns of the terminal; longer lines are cut. */
  readonly width: number;
  readonly style: Style;
}

/** The live part: a header, the loops, and the steps that run now. Pure: the same view gives the same lines. */
export function renderRun(view: RunView, options: RenderOptions): string[] {
  const { style, nowMs, width } = options;
  const spinner = SPINNER[Math.floor(nowMs / FRAME_MS) % SPINNER.length]!;
  const elapsed = formatDuration((view.endedAtMs ?? nowMs) - view.startedAtMs);
  const lines = [
    `${style.accent(spinner)} ${style.strong(view.title)}  ${view.state.toLowerCase()}  ${style.dim(elapsed)}`,
    `  ${renderCounts(view.counts, style)}`,
    ...view.loops.slice(0, MAX_LOOP_LINES).map((loop) => renderLoop(loop, style)),
    ...leftOver(view.loops.length - MAX_LOOP_LINES, 'loops', style),
  ];
  for (const step of view.running.slice(0, MAX_RUNNING_LINES)) {
    const note = step.note === undefined ? '' : `  ${step.note}`;
    lines.push(`  ${style.accent(spinner)} ${step.path}  ${style.dim(`${formatDuration(nowMs - step.startedAtMs)}${note}`)}`);
  }
  lines.push(...leftOver(view.running.length - MAX_RUNNING_LINES, 'steps running', style));
  for (const step of differentReasons(view).slice(0, MAX_WAITING_LINES))
    lines.push(`  ${MARKS.PENDING(style)} ${renderWaiting(step, style)}`);
  return lines.map((line) => cut(line, width));
}

/** Of steps that wait for the same, the first: a hundred need not say it each. */
function differentReasons({ waiting }: RunView): RunView['waiting'] {
  const seen = new Set<string>();
  return waiting.filter(({ reason }) => {
    const what = waitsFor(reason);
    return !seen.has(what) && seen.add(what);
  });
}

/** `waits for 4 CPU`, without how much of it is free now. */
export const waitsFor = (reason: string): string => reason.split(':', 1)[0]!;

export function renderWaiting({ path, reason }: RunView['waiting'][number], style: Style): string {
  return `${path}  ${style.dim(reason)}`;
}

/** `4 done · 2 cached · 1 failed · 3 waiting`; what is zero is left out. */
export function renderCounts(counts: StepCounts, style: Style): string {
  const parts = [
    counts.done > 0 ? style.good(`${number(counts.done)} done`) : '',
    counts.cached > 0 ? style.accent(`${number(counts.cached)} cached`) : '',
    counts.skipped > 0 ? style.dim(`${number(counts.skipped)} skipped`) : '',
    counts.failed > 0 ? style.bad(`${number(counts.failed)} failed`) : '',
    counts.canceled > 0 ? style.warn(`${number(counts.canceled)} canceled`) : '',
    counts.running > 0 ? `${number(counts.running)} running` : '',
    counts.waiting > 0 ? style.dim(`${number(counts.waiting)} waiting`) : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? style.dim('starting') : parts.join(style.dim(' · '));
}

/** One line for something that ended: mark, path, how long, and why where that matters. */
export function renderFinished(line: FinishedLine, options: { readonly width: number; readonly style: Style }): string {
  const { style } = options;
  const details = [
    line.iterations === undefined ? '' : `${number(line.iterations)} ${line.iterations === 1 ? 'iteration' : 'iterations'}`,
    line.durationMs === null || line.state === 'CACHED' || line.state === 'SKIPPED' ? '' : formatDuration(line.durationMs),
    line.step && line.step.attempts > 1 ? `${line.step.attempts} attempts` : '',
  ].filter((part) => part !== '');
  const tail = details.length === 0 ? '' : `  ${style.dim(details.join(', '))}`;
  return cut(`  ${MARKS[line.state](style)} ${line.path}${tail}${reasonOf(line, style)}`, options.width);
}

function reasonOf(line: FinishedLine, style: Style): string {
  if (line.state === 'FAILED') return line.error ? `  ${style.bad(firstLine(line.error.message))}` : '';
  if (line.state === 'CACHED') return style.dim('  from the cache');
  if (line.state === 'SKIPPED') return style.dim(`  skipped${line.reason ? `: ${firstLine(line.reason)}` : ''}`);
  return '';
}

const MARKS: Record<FinishedLine['state'], (style: Style) => string> = {
  PENDING: (style) => style.dim('·'),
  RUNNING: (style) => style.accent('▸'),
  SUCCEEDED: (style) => style.good('✓'),
  CACHED: (style) => style.accent('↺'),
  SKIPPED: (style) => style.dim('–'),
  FAILED: (style) => style.bad('✗'),
  CANCELED: (style) => style.warn('■'),
};

/** `for-loop-1  ████████░░░░  312/10,000  2 failed` */
function renderLoop(loop: LoopLine, style: Style): string {
  const filled = loop.total === 0 ? 0 : Math.floor((loop.done / loop.total) * BAR_WIDTH);
  const bar = `${style.good('█'.repeat(filled))}${style.dim('░'.repeat(BAR_WIDTH - filled))}`;
  const failed = loop.failed > 0 ? `  ${style.bad(`${number(loop.failed)} failed`)}` : '';
  return `  ${loop.path}  ${bar}  ${number(loop.done)}/${number(loop.total)}${failed}`;
}

function leftOver(count: number, what: string, style: Style): string[] {
  return count > 0 ? [style.dim(`  and ${number(count)} more ${what}`)] : [];
}

const number = (value: number): string => value.toLocaleString('en-US');

export const firstLine = (text: string): string => text.split('\n', 1)[0]!;

/** Cuts a line to the width, counting only what is visible and closing colours that were open. */
export function cut(line: string, width: number): string {
  if (stripVTControlCharacters(line).length <= width) return line;
  let visible = 0;
  let result = '';
  for (const [piece] of line.matchAll(/\u001b\[[0-9;]*m|[\s\S]/gu)) {
    if (piece.startsWith('\u001b')) result += piece;
    else if (visible < width - 1) {
      result += piece;
      visible += 1;
    }
  }
  return `${result}…`;
}
