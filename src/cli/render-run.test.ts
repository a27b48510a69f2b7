// What a person sees while a run goes on, as text without colours: views in, lines out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, renderFinished, renderRun } from './render-run.ts';
import type { FinishedLine, RunView } from './run-progress.ts';
import { plainStyle, styleFor } from './style.ts';

const none = { done: 0, cached: 0, skipped: 0, failed: 0, canceled: 0, running: 0, waiting: 0 };

function view(changes: Partial<RunView>): RunView {
  return {
    runId: 'r',
    title: 'penguins',
    state: 'RUNNING',
    startedAtMs: 0,
    counts: none,
    running: [],
    waiting: [],
    loops: [],
    ...changes,
  };
}

function check(given: Partial<RunView>, expected: string, options: { nowMs?: number; width?: number } = {}): void {
  const lines = renderRun(view(given), { nowMs: options.nowMs ?? 4000, width: options.width ?? 100, style: plainStyle });
  assert.equal(lines.join('\n'), expected);
}

test('steps that wait say for what, once for all that wait for the same', () => {
  const gpu = (free: number) => `waits for 1 nvidia.com/gpu: ${free} of 2 free`;
  const waiting = [
    { path: '/a', reason: gpu(0) },
    { path: '/b', reason: gpu(1) },
    { path: '/c', reason: 'waits for 4 CPU: 1 of 8 free' },
  ];
  check(
    { counts: { ...none, waiting: 3 }, waiting },
    [
      '⠋ penguins  running  4.0 s',
      '  3 waiting',
      '  · /a  waits for 1 nvidia.com/gpu: 0 of 2 free',
      '  · /c  waits for 4 CPU: 1 of 8 free',
    ].join('\n'),
  );
});

test('a run that has just started says so', () => {
  check({}, '⠋ penguins  running  4.0 s\n  starting');
});

test('running steps show how long they run and what they are doing', () => {
  check(
    {
      counts: { ...none, done: 2, cached: 1, skipped: 1, running: 2, waiting: 3 },
      running: [
        { path: '/train', startedAtMs: 2800 },
        { path: '/evaluate', startedAtMs: 3990, note: 'building the Python environment' },
      ],
    },
    `⠋ penguins  running  4.0 s
  2 done · 1 cached · 1 skipped · 2 running · 3 waiting
  ⠋ /train  1.2 s
  ⠋ /evaluate  10 ms  building the Python environment`,
  );
});

test('a large loop is one line with a bar', () => {
  check(
    {
      counts: { ...none, done: 5000, failed: 2, running: 8, waiting: 4990 },
      loops: [{ path: '/for-loop-1', done: 5002, total: 10_000, failed: 2 }],
    },
    `⠋ penguins  running  4.0 s
  5,000 done · 2 failed · 8 running · 4,990 waiting
  /for-loop-1  ████████████░░░░░░░░░░░░  5,002/10,000  2 failed`,
  );
});

test('many running steps do not flood the terminal', () => {
  const running = Array.from({ length: 30 }, (_, index) => ({ path: `/step-${index}`, startedAtMs: 4000 }));
  const lines = renderRun(view({ running }), { nowMs: 4000, width: 100, style: plainStyle });
  assert.equal(lines.length, 2 + 8 + 1);
  assert.equal(lines.at(-1), '  and 22 more steps running');
});

test('lines are cut to the width of the terminal', () => {
  check({ title: 'a-pipeline-with-a-long-name' }, '⠋ a-pipeline-with-a…\n  starting', { width: 20 });
});

test('cutting counts only what is visible', () => {
  assert.equal(cut('\u001b[31mabcdef\u001b[39m', 4), '\u001b[31mabc\u001b[39m…');
  assert.equal(cut('\u001b[31mabcd\u001b[39m', 4), '\u001b[31mabcd\u001b[39m');
});

const finished: readonly (readonly [string, Partial<FinishedLine>, string])[] = [
  ['a step that succeeded', { state: 'SUCCEEDED', durationMs: 420 }, '  ✓ /train  420 ms'],
  ['a step from the cache', { state: 'CACHED', durationMs: 0 }, '  ↺ /train  from the cache'],
  [
    'a skipped step with its reason',
    { state: 'SKIPPED', reason: 'its condition is false' },
    '  – /train  skipped: its condition is false',
  ],
  [
    'a failed step with its error',
    {
      state: 'FAILED',
      durationMs: 65_000,
      step: { task: 3, attempts: 3 },
      error: { code: 2, message: 'exit code 2\nmore', cause: 'step' },
    },
    '  ✗ /train  1 min 05 s, 3 attempts  exit code 2',
  ],
  ['a loop', { state: 'SUCCEEDED', durationMs: 3000, iterations: 10_000 }, '  ✓ /train  10,000 iterations, 3.0 s'],
];
for (const [what, line, expected] of finished) {
  test(`${what} ends in one line`, () => {
    const full = { path: '/train', state: 'SUCCEEDED', durationMs: null, reason: null, error: null, ...line } as FinishedLine;
    assert.equal(renderFinished(full, { width: 100, style: plainStyle }), expected);
  });
}

test('colour is for terminals and NO_COLOR wins', () => {
  assert.equal(styleFor({ isTTY: false }, {}).good('x'), 'x');
  assert.equal(styleFor({ isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' }).good('x'), 'x');
  assert.notEqual(styleFor({ isTTY: true }, {}).good('x'), 'x');
});
