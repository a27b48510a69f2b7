import type { RecurringRunRow } from '../store/catalogue-store.ts';
import { type CronSchedule, parseCron } from './cron.ts';

/**
 * When a recurring run is due next, epoch milliseconds, which may be in the past; undefined if never again. With `noCatchup`, of
 * the times that have passed only the last counts. The end is inclusive. A start that has passed is caught up with from there on,
 * also what was before the recurring run was made, as in the reference server.
 */
export function nextDue(row: RecurringRunRow, nowMs: number, timeZone = 'UTC'): number | undefined {
  const { trigger } = row;
  if (trigger.kind === 'once') return row.runsStarted === 0 ? row.createdAtMs : undefined;
  const endMs = trigger.endMs === 0 ? Number.POSITIVE_INFINITY : trigger.endMs;
  // Of the missed times, the last one that is still within the bounds.
  const untilMs = row.noCatchup ? Math.min(nowMs, endMs) : undefined;
  const due =
    trigger.kind === 'cron'
      ? cronDue(row, { startMs: trigger.startMs, untilMs }, parseCron(trigger.cron, timeZone))
      : intervalDue(row, { startMs: trigger.startMs, untilMs }, trigger.intervalSeconds * 1000);
  return due !== undefined && due > endMs ? undefined : due;
}

interface Bounds {
  /** 0: none. */
  readonly startMs: number;
  /** Times before the last one until then are left out. */
  readonly untilMs: number | undefined;
}

function intervalDue({ lastDueAtMs, createdAtMs }: RecurringRunRow, { startMs, untilMs }: Bounds, periodMs: number): number {
  const first = startMs > createdAtMs ? startMs : (startMs || createdAtMs) + periodMs;
  const due = lastDueAtMs > 0 ? lastDueAtMs + periodMs : first;
  return untilMs !== undefined && due < untilMs ? due + Math.floor((untilMs - due) / periodMs) * periodMs : due;
}

function cronDue(
  { lastDueAtMs, createdAtMs }: RecurringRunRow,
  { startMs, untilMs }: Bounds,
  cron: CronSchedule,
): number | undefined {
  const due = cron.next(lastDueAtMs || startMs || createdAtMs);
  return untilMs !== undefined && due !== undefined && due < untilMs ? lastUntil(cron, due, untilMs) : due;
}

/** The last time that is not after `untilMs`, found by halving: a schedule may have missed millions. */
function lastUntil(cron: CronSchedule, first: number, untilMs: number): number {
  let last = first;
  // Nothing is due between this and `untilMs`.
  let emptyFrom = untilMs;
  while (emptyFrom > last) {
    const due = cron.next(Math.floor((last + emptyFrom) / 2));
    if (due !== undefined && due <= untilMs) last = due;
    else emptyFrom = Math.floor((last + emptyFrom) / 2);
  }
  return last;
}
