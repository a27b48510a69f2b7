import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandMacros, type MacroFacts } from './macros.ts';

const facts: MacroFacts = { now: Date.UTC(2026, 10, 4, 15, 5, 9), runId: 'r-1', scheduledAt: Date.UTC(2026, 0, 2), index: 7 };

const rows: readonly [text: string, expected: string][] = [
  ['run [[RunUUID]] no [[Index]]', 'run r-1 no 7'],
  ['[[CurrentTime]]', '20261104150509'],
  ['[[ScheduledTime]]', '20260102000000'],
  ['[[CurrentTime.2006-01-02T15:04:05Z07:00]]', '2026-11-04T15:05:09Z'],
  ['[[CurrentTime.Mon Jan _2 3PM]]', 'Wed Nov  4 3PM'],
  ['[[Unknown]] [[ x ]]', '[[Unknown]] [[ x ]]'],
  ["{{$.scheduledTime.strftime('%Y-%m-%d')}} at {{$.currentTime.strftime('%H:%M')}}", '2026-01-02 at 15:05'],
  [
    "{{$.scheduledTime.strftime('%Q')}} {{$.other.strftime('%Y')}}",
    "{{$.scheduledTime.strftime('%Q')}} {{$.other.strftime('%Y')}}",
  ],
];
for (const [text, expected] of rows) {
  test(`${text} expands to ${expected}`, () => assert.deepEqual(expandMacros({ p: text }, facts), { p: expected }));
}

test('only texts are expanded, and only with facts that are there', () => {
  const args = { n: 1, list: ['[[RunUUID]]'], when: '[[ScheduledTime]]' };
  assert.deepEqual(expandMacros(args, { now: 0, runId: 'r' }), args);
});
