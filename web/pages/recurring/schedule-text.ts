import type { V2 } from '../../api/operations.ts';

/** Schedules that are often used. KFP's cron has the second first: six fields. */
export const PRESETS = [
  { cron: '0 */10 * * * *', text: 'every 10 minutes' },
  { cron: '0 0 * * * *', text: 'every hour' },
  { cron: '0 0 3 * * *', text: 'every night at 3' },
  { cron: '0 0 9 * * 1-5', text: 'weekdays at 9' },
  { cron: '0 0 9 * * 1', text: 'Mondays at 9' },
  { cron: '0 0 6 1 * *', text: 'the first of the month at 6' },
] as const;

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** `every 2 hours`, what an often used cron expression means, or the expression. */
export function scheduleText(trigger: V2<'Trigger'> | undefined): string {
  const seconds = Number(trigger?.periodic_schedule?.interval_second ?? 0);
  if (seconds > 0) {
    const [size, unit] = UNITS.find(([size]) => seconds % size === 0)!;
    const count = seconds / size;
    return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
  }
  const cron = trigger?.cron_schedule?.cron;
  return PRESETS.find((preset) => preset.cron === cron)?.text ?? cron ?? 'never';
}
