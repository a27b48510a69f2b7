import type { V2 } from '../../api/operations.ts';

/** A trigger as the form has it. */
export interface Schedule {
  readonly kind: 'cron' | 'periodic';
  readonly cron: string;
  /** Of the period. */
  readonly count: string;
  /** Seconds. */
  readonly unit: string;
  /** Not shown in the form; kept when a recurring run is changed. */
  readonly bounds?: { readonly start_time?: string; readonly end_time?: string };
}

export const UNITS = [
  { value: '1', label: 'seconds' },
  { value: '60', label: 'minutes' },
  { value: '3600', label: 'hours' },
  { value: '86400', label: 'days' },
] as const;

export const DEFAULT_SCHEDULE: Schedule = { kind: 'cron', cron: '0 0 3 * * *', count: '1', unit: '3600' };

export function triggerOf({ kind, cron, count, unit, bounds }: Schedule): V2<'Trigger'> {
  if (kind === 'cron') return { cron_schedule: { ...bounds, cron } };
  return { periodic_schedule: { ...bounds, interval_second: String(Number(count) * Number(unit)) } };
}

/** The other way round; a period is told in the largest unit it is a multiple of. */
export function scheduleOf({ cron_schedule: cron, periodic_schedule: periodic }: V2<'Trigger'>): Schedule {
  const { start_time, end_time } = cron ?? periodic ?? {};
  const bounds = { ...(start_time ? { start_time } : {}), ...(end_time ? { end_time } : {}) };
  if (cron) return { ...DEFAULT_SCHEDULE, cron: cron.cron ?? '', bounds };
  const seconds = Number(periodic?.interval_second ?? 0);
  const unit = UNITS.findLast(({ value }) => seconds % Number(value) === 0)!.value;
  return { ...DEFAULT_SCHEDULE, kind: 'periodic', count: String(seconds / Number(unit)), unit, bounds };
}
