import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem, type Problem } from './errors.ts';

const ROWS: readonly (readonly [Problem, string])[] = [
  [{ path: 'root.dag', message: 'is odd', hint: 'even it', line: 12 }, 'line 12, root.dag: is odd (even it)'],
  [{ path: '-p n', message: 'is no number' }, '-p n: is no number'],
  [{ path: '', message: 'it is empty', line: 1 }, 'line 1: it is empty'],
  [{ path: '', message: 'it is empty' }, 'it is empty'],
];

test('a problem is told with the place it has', () => {
  for (const [problem, expected] of ROWS) assert.equal(formatProblem(problem), expected);
});
