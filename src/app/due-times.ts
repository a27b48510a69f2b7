import type { RecurringRunRow } from '../store/catalogue-store.ts';
import { type CronSchedule, parseCron } from './cron.ts';

/**
 * When a recurring run is due next, epoch milliseconds, which may be in the past; undefined if never again. With `noCatchup`, of
 * the times that have passed only the last counts. Bounds are inclusive.
 */
export function nextDue(row: RecurringRunRow, nowMs: number, timeZone = 'UTC'): number | undefined {
  const { trigger } = row;
  switch (trigger.kind) {
    case 'once':
      return row.runsStarted === 0 ? row.createdAtMs : undefined;
    case 'cron':
      return within(trigger, cronDue(row, parseCron(trigger.cron, timeZone), nowMs));
    case 'interval':
      return within(trigger, intervalDue(row, trigger, nowMs));
  }
}

function within({ endMs }: { readonly endMs: number }, due: number | undefined): number | undefined {
  return due !== undefined && endMs !== 0 && due > endMs ? undefined : due;
}

function intervalDue(
  { lastDueAtMs, createdAtMs, noCatchup }: RecurringRunRow,
  { intervalSeconds, startMs }: { readonly intervalSeconds: number; readonly startMs: number },
  nowMs: number,
): number {
  const periodMs = intervalSeconds * 1000;
  const first = startMs > createdAtMs ? startMs : createdAtMs + periodMs;
  const due = lastDueAtMs > 0 ? lastDueAtMs + periodMs : first;
  return noCatchup && due < nowMs ? due + Math.floor((nowMs - due) / periodMs) * periodMs : due;
}

function cronDue(row: RecurringRunRow, cron: CronSchedule, nowMs: number): number | undefined {
  const { trigger, lastDueAtMs, createdAtMs, noCatchup } = row;
  const startMs = trigger.kind === 'cron' ? trigger.startMs : 0;
  const due = cron.next(Math.max(lastDueAtMs, createdAtMs, startMs - 1));
  return noCatchup && due !== undefined && due < nowMs ? lastUntil(cron, due, nowMs) : due;
}

/** The last time that is not after `nowMs`, looked for in windows that grow backwards: a schedule may have missed millions. */
function lastUntil(cron: CronSchedule, first: number, nowMs: number): number {
  for (let windowMs = 1000; windowMs < nowMs - first; windowMs *= 2) {
    let last: number | undefined;
    for (let due = cron.next(nowMs - windowMs); due !== undefined && due <= nowMs; due = cron.next(due)) last = due;
    if (last !== undefined) return last;
  }
  let last = first;
  for (let due = cron.next(first); due !== undefined && due <= nowMs; due = cron.next(due)) last = due;
  return last;
}
