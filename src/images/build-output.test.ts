import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildOutput } from './build-output.ts';

test('a failure names the step and what its program said last, whichever builder it was', () => {
  const rows: readonly (readonly [string, string])[] = [
    [
      'Step 1/2 : FROM a\n ---> 11a4\nStep 2/2 : RUN make\n ---> Running in 07\n\u001B[91mno rule\u001B[0m\nRemoving intermediate container 07\n',
      'step 2/2 (RUN make) failed: it ended\n  | no rule',
    ],
    ['STEP 1/2: FROM a\nSTEP 2/2: RUN make\nno rule\n', 'step 2/2 (RUN make) failed: it ended\n  | no rule'],
    [
      '[1/2] STEP 1/1: FROM a AS b\n--> 11a4\n[2/2] STEP 2/3: RUN make\nno rule',
      'step 2/3 (RUN make) failed: it ended\n  | no rule',
    ],
    ['[internal] load\n[build 2/3] RUN make\nno rule\n', 'step 2/3 (RUN make) failed: it ended\n  | no rule'],
    ['', 'it ended'],
  ];
  for (const [text, expected] of rows) {
    const output = buildOutput(() => {});
    // However it is cut into pieces.
    for (const character of text) output.onOutput(character);
    assert.equal(output.explain('it ended').replaceAll('\u001B[91m', '').replaceAll('\u001B[0m', ''), expected, text);
  }
});

test('of much output the last ten lines are kept, and everything is passed on without colours', () => {
  let passed = '';
  const output = buildOutput((text) => (passed += text));
  output.onOutput('STEP 1/1: RUN x\n');
  for (let line = 1; line <= 30; line += 1) output.onOutput(`\u001B[91mline ${line}\u001B[0m\n`);
  assert.match(passed, /^STEP 1\/1: RUN x\nline 1\nline 2\n/);
  const lines = output.explain('it ended').split('\n');
  assert.deepEqual([lines.length, lines[1], lines.at(-1)], [11, '  | line 21', '  | line 30']);
});
