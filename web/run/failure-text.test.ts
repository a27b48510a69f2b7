import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headline, lastLines } from './failure-text.ts';

const ROWS: readonly [message: string, line: string][] = [
  ['exit status 1', 'exit status 1'],
  [
    'failed: exit status 1\nTraceback (most recent call last):\n  File "x.py", line 3\nValueError: too large\n',
    'ValueError: too large',
  ],
  [
    'exit status 1\nstep:/line.ts:18\n      throw new Error(\n            ^\n\nError: the loss has grown\n    at f (x:1:1)',
    'Error: the loss has grown',
  ],
  ['java.lang.IllegalStateException: closed\n\tat A.b(A.java:1)', 'java.lang.IllegalStateException: closed'],
  ['', ''],
];
for (const [message, line] of ROWS)
  test(`of ${JSON.stringify(message)} the headline is ${JSON.stringify(line)}`, () => assert.equal(headline(message), line));

test('the end of a log has no colours and no empty lines behind it', () => {
  assert.deepEqual(lastLines('a\n\u001b[31mb\u001b[0m\nc\n\n', 2), ['b', 'c']);
  assert.deepEqual(lastLines('', 5), []);
});
