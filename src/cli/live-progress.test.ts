// The live part is drawn below what was printed, redrawn in place and taken away at the end; a small screen stands in for the terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveProgress, PlainProgress, closingLine } from './live-progress.ts';
import type { FinishedLine, RunView } from './run-progress.ts';
import { plainStyle } from './style.ts';

const counts = { done: 1, cached: 0, skipped: 0, failed: 0, canceled: 0, running: 1, waiting: 0 };
const view: RunView = {
  runId: 'r',
  title: 'demo',
  state: 'RUNNING',
  startedAtMs: 0,
  counts,
  running: [{ path: '/b', startedAtMs: 1000 }],
  waiting: [],
  loops: [],
};
const ended = (path: string): FinishedLine => ({ path, state: 'SUCCEEDED', durationMs: 5, reason: null, error: null });

/** Follows the few control sequences the live part uses: cursor up, clear below, hide and show the cursor. */
class Screen {
  readonly columns = 60;
  readonly rows = 20;
  lines: string[] = [''];
  cursorHidden = false;

  write(text: string): void {
    for (const [piece] of text.matchAll(/\u001b\[\??\d*[A-Za-z]|\n|\r|[^\u001b\n\r]+/g)) {
      const up = /^\u001b\[(\d+)A$/.exec(piece);
      if (up) this.lines = [...this.lines.slice(0, this.lines.length - 1 - Number(up[1])), ''];
      else if (piece === '\n') this.lines.push('');
      else if (piece === '\u001b[?25l') this.cursorHidden = true;
      else if (piece === '\u001b[?25h') this.cursorHidden = false;
      else if (!piece.startsWith('\u001b') && piece !== '\r') this.lines[this.lines.length - 1] += piece;
    }
  }
}

test('finished lines stay, the live part moves below them and goes away', () => {
  const screen = new Screen();
  const progress = new LiveProgress({ terminal: screen, style: plainStyle, now: () => 2400 });
  progress.changed(() => view);
  progress.finished([ended('/a')]);
  assert.equal(screen.cursorHidden, true);
  assert.deepEqual(screen.lines, ['  ✓ /a  5 ms', '', '⠋ demo  running  2.4 s', '  1 done · 1 running', '  ⠋ /b  1.4 s', '']);
  progress.finished([ended('/b')]);
  assert.equal(screen.lines[1], '  ✓ /b  5 ms');
  assert.equal(screen.lines.filter((line) => line.includes('demo')).length, 1, 'the live part is there once');
  progress.close();
  assert.deepEqual(screen.lines, ['  ✓ /a  5 ms', '  ✓ /b  5 ms', '']);
  assert.equal(screen.cursorHidden, false);
});

test('a live part taller than the terminal is cut, so that it can be erased', () => {
  const screen = new Screen();
  Object.assign(screen, { rows: 6 });
  const progress = new LiveProgress({ terminal: screen, style: plainStyle, now: () => 2400 });
  const running = Array.from({ length: 8 }, (_, index) => ({ path: `/step-${index}`, startedAtMs: 0 }));
  progress.changed(() => ({ ...view, running }));
  progress.message('hello');
  assert.ok(screen.lines.length <= 6);
  progress.close();
  assert.deepEqual(screen.lines, ['  hello', '']);
});

test('without a terminal every event is a line with its time', () => {
  let text = '';
  const terminal = { write: (more: string) => (text += more) };
  const progress = new PlainProgress({ terminal, style: plainStyle, now: () => Date.UTC(2026, 0, 1, 9, 8, 7) });
  progress.finished([ended('/a')], new Map([['/a', ['last line of the log']]]));
  assert.equal(text, '09:08:07 ✓ /a  5 ms\n09:08:07     last line of the log\n');
});

test('the closing line tells the state, the time and the counts', () => {
  const line = closingLine({ ...view, state: 'FAILED', endedAtMs: 3200 }, '1 done · 1 failed', plainStyle);
  assert.equal(line, '✗ demo failed in 3.2 s  (1 done · 1 failed)');
});

test('plain output tells what a step waits for when it has waited for a while, once', () => {
  const screen = new Screen();
  let nowMs = 0;
  const progress = new PlainProgress({ terminal: screen, style: plainStyle, now: () => nowMs });
  const waiting = (free: number) => ({ ...view, waiting: [{ path: '/c', reason: `waits for 4 CPU: ${free} of 8 free` }] });
  for (const free of [1, 2, 3]) {
    progress.changed(() => waiting(free));
    nowMs += 5000;
  }
  progress.close();
  assert.deepEqual(screen.lines, ['00:00:05 /c  waits for 4 CPU: 2 of 8 free', '']);
});
