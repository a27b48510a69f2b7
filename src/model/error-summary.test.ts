import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorSummary } from './error-summary.ts';

for (const [what, message, summary] of [
  [
    'a Python traceback',
    'failed to execute component: exit status 1\nTraceback (most recent call last):\n  File "a.py", line 1\n    f()\nValueError: no rows: see the log',
    'ValueError: no rows: see the log',
  ],
  [
    'a JavaScript error',
    "failed to execute component: exit status 1\n      throw new Error('x');\n            ^\n\nError: the loss has grown\n    at train (a.ts:1:1)\n\nNode.js v24.0.0",
    'Error: the loss has grown',
  ],
  ['a program', 'failed to execute component: exit status 2\nreading table\nno such column: age\n', 'no such column: age'],
  ['a silent step', 'failed to execute component: exit status 3', 'failed to execute component: exit status 3'],
  [
    'a class with a module',
    'x\nsklearn.exceptions.NotFittedError: call fit first',
    'sklearn.exceptions.NotFittedError: call fit first',
  ],
] as const) {
  test(`The summary of ${what} is its telling line.`, () => {
    assert.equal(errorSummary({ message }), summary);
  });
}
