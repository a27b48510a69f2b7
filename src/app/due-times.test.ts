import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecurringRunRow, Trigger } from '../store/catalogue-store.ts';
import { nextDue } from './due-times.ts';

const MINUTE = 60_000;
/** Made at 12:00 of a day, asked at 12:10. */
const CREATED = Date.UTC(2026, 0, 5, 12);
const NOW = CREATED + 10 * MINUTE;
const at = (minutes: number): number => CREATED + minutes * MINUTE;

function recurringRun(trigger: Trigger, changes: Partial<RecurringRunRow> = {}): RecurringRunRow {
  return {
    recurringRunId: 'r',
    namespace: '',
    experimentId: 'e',
    name: 'n',
    description: '',
    createdAtMs: CREATED,
    updatedAtMs: CREATED,
    isEnabled: true,
    maxConcurrency: 10,
    noCatchup: false,
    trigger,
    pipelineId: null,
    pipelineVersionId: null,
    inlineSpecDigest: 'd',
    parameters: {},
    pipelineRoot: '',
    serviceAccount: '',
    pluginsInput: {},
    runsStarted: 0,
    lastDueAtMs: 0,
    error: '',
    ...changes,
  };
}

/** The times a recurring run is due at until now, one after the other. */
function dueTimes(row: RecurringRunRow): readonly number[] {
  const times: number[] = [];
  for (let next: RecurringRunRow = row; times.length < 20;) {
    const due = nextDue(next, NOW);
    if (due === undefined || due > NOW) break;
    times.push(due);
    next = { ...next, lastDueAtMs: due, runsStarted: next.runsStarted + 1 };
  }
  return times.map((time) => (time - CREATED) / MINUTE);
}

const every = (minutes: number, startMs = 0, endMs = 0): Trigger => ({
  kind: 'interval',
  intervalSeconds: minutes * 60,
  startMs,
  endMs,
});
const cron = (text: string, startMs = 0, endMs = 0): Trigger => ({ kind: 'cron', cron: text, startMs, endMs });
const EACH_MINUTE = '0 * * * * ?';

for (const [title, row, expected] of [
  ['An interval counts from the creation.', recurringRun(every(3)), [3, 6, 9]],
  ['An interval with a start to come begins with it.', recurringRun(every(3, at(4))), [4, 7, 10]],
  ['An interval with a start that has passed is caught up with from there.', recurringRun(every(3, at(-7))), [-4, -1, 2, 5, 8]],
  ['The end of an interval is inclusive.', recurringRun(every(1, at(-10), at(-8))), [-9, -8]],
  ['Without catching up, only the last missed time counts.', recurringRun(every(3), { noCatchup: true }), [9]],
  [
    'Without catching up, the last time before an end that has passed counts.',
    recurringRun(every(1, at(-10), at(-8)), { noCatchup: true }),
    [-8],
  ],
  ['A cron expression counts from the creation.', recurringRun(cron('0 */4 * * * *')), [4, 8]],
  ['A cron expression with a start to come counts after it.', recurringRun(cron('0 */4 * * * *', at(4))), [8]],
  ['A cron expression is caught up with from its start on.', recurringRun(cron(EACH_MINUTE, at(-10), at(-8))), [-9, -8]],
  [
    'Without catching up, a cron expression runs once for a time span that has passed.',
    recurringRun(cron(EACH_MINUTE, at(-10), at(-8)), { noCatchup: true }),
    [-8],
  ],
  ['Without a schedule it runs once.', recurringRun({ kind: 'once' }), [0]],
] as const) {
  test(title, () => assert.deepEqual(dueTimes(row), expected));
}

test('Who asks again after a restart gets the same time, until the tick is recorded.', () => {
  const row = recurringRun(cron('0 */4 * * * *'), { lastDueAtMs: at(4), runsStarted: 1 });
  assert.deepEqual([nextDue(row, NOW), nextDue(row, NOW + MINUTE)], [at(8), at(8)]);
});

test('The last of millions of missed times is found at once, also in a time zone with its own clock.', () => {
  const row = recurringRun(cron('* * * * 1 *', Date.UTC(2020, 0, 1)), { noCatchup: true });
  const now = Date.UTC(2026, 10, 5);
  const before = performance.now();
  assert.equal(nextDue(row, now, 'Europe/Berlin'), Date.UTC(2026, 0, 31, 22, 59, 59));
  assert.ok(performance.now() - before < 2_000);
});

test('A schedule whose date does not exist is never due.', () => {
  assert.equal(nextDue(recurringRun(cron('0 0 0 30 2 *')), NOW), undefined);
  assert.equal(nextDue(recurringRun(cron('0 0 0 30 2 *'), { noCatchup: true }), NOW), undefined);
});

test('A schedule in the hour that comes twice is caught up with time by time.', () => {
  const from = Date.parse('2026-11-01T05:15:00Z');
  const row = recurringRun(cron('0 */30 * * * *', from), { createdAtMs: from });
  const dues = [1, 2, 3].reduce<RecurringRunRow[]>(
    (rows) => [...rows, { ...row, lastDueAtMs: nextDue(rows.at(-1)!, NOW, 'America/New_York')! }],
    [row],
  );
  assert.deepEqual(
    dues.slice(1).map(({ lastDueAtMs }) => (lastDueAtMs - from) / MINUTE),
    [15, 45, 75],
  );
});
