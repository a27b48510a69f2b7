import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V2 } from '../../api/operations.ts';
import { scheduleOf, triggerOf } from './schedule.ts';

const TRIGGERS: readonly V2<'Trigger'>[] = [
  { cron_schedule: { cron: '0 30 4 * * *' } },
  { cron_schedule: { start_time: '2030-01-01T00:00:00Z', end_time: '2031-01-01T00:00:00Z', cron: '@daily' } },
  { periodic_schedule: { interval_second: '90' } },
  { periodic_schedule: { start_time: '2030-01-01T00:00:00Z', interval_second: '172800' } },
];
for (const trigger of TRIGGERS) {
  test(`the form changes nothing of the trigger ${JSON.stringify(trigger)} by itself`, () => {
    assert.deepEqual(triggerOf(scheduleOf(trigger)), trigger);
  });
}

test('a period is told in the largest unit that fits', () => {
  const told = (interval_second: string) => {
    const { count, unit } = scheduleOf({ periodic_schedule: { interval_second } });
    return [count, unit];
  };
  assert.deepEqual(
    [told('90'), told('7200'), told('172800')],
    [
      ['90', '1'],
      ['2', '3600'],
      ['2', '86400'],
    ],
  );
});
