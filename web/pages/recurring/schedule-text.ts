import type { V2 } from '../../api/operations.ts';

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** `every 2 hours`, or the cron expression. */
export function scheduleText(trigger: V2<'Trigger'> | undefined): string {
  const seconds = Number(trigger?.periodic_schedule?.interval_second ?? 0);
  if (seconds > 0) {
    const [size, unit] = UNITS.find(([size]) => seconds % size === 0)!;
    const count = seconds / size;
    return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
  }
  return trigger?.cron_schedule?.cron ?? 'never';
}
