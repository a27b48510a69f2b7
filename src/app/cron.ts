/**
 * Schedules as KFP reads them (robfig/cron): six fields with the second first, five without the day of the week; names, ranges,
 * steps, lists, `?` for `*`; `@daily` and the like; `@every 90m`. When both days are restricted, one that fits is enough.
 */
import { ProductError } from '../base/errors.ts';
import { firstChange, zoneOffset } from './time-zone.ts';

export interface CronSchedule {
  /** The first time after `afterMs`, epoch milliseconds; undefined if there is none within five years. */
  next(afterMs: number): number | undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS = [
  { name: 'second', min: 0, max: 59, names: [], first: 0 },
  { name: 'minute', min: 0, max: 59, names: [], first: 0 },
  { name: 'hour', min: 0, max: 23, names: [], first: 0 },
  { name: 'day of the month', min: 1, max: 31, names: [], first: 1 },
  { name: 'month', min: 1, max: 12, names: MONTHS, first: 1 },
  { name: 'day of the week', min: 0, max: 6, names: DAYS, first: 0 },
] as const;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

const MAX_YEARS = 5;

/** `timeZone` is an IANA name. Throws INVALID_ARGUMENTS. */
export function parseCron(text: string, timeZone = 'UTC'): CronSchedule {
  const trimmed = text.trim();
  const every = /^@every\s+(\S+)$/.exec(trimmed);
  if (every) return everySchedule(durationMs(every[1]!, text));
  const descriptor = trimmed.toLowerCase();
  const parts = (Object.hasOwn(DESCRIPTORS, descriptor) ? DESCRIPTORS[descriptor]! : trimmed).split(/\s+/);
  if (parts.length < 5 || parts.length > 6)
    throw unsupported(text, `it has ${parts.length} fields; 6 are needed: second minute hour day month weekday`);
  const sets = FIELDS.map((field, at) => parseField(field, parts[at] ?? '*', text));
  const [seconds, minutes, hours, days, months, weekdays] = sets as [FieldSet, FieldSet, FieldSet, FieldSet, FieldSet, FieldSet];
  return fieldSchedule({ seconds, minutes, hours, days, months, weekdays }, timeZone);
}

/** The next times after `fromMs`, fewer if there are no more within five years. Throws INVALID_ARGUMENTS. */
export function nextTimes(
  text: string,
  { fromMs, count, timeZone }: { readonly fromMs: number; readonly count: number; readonly timeZone: string },
): readonly number[] {
  const schedule = parseCron(text, timeZone);
  const times: number[] = [];
  for (let next = schedule.next(fromMs); next !== undefined && times.length < count; next = schedule.next(next)) times.push(next);
  return times;
}

interface FieldSet {
  readonly values: ReadonlySet<number>;
  readonly isAny: boolean;
}

function parseField(field: (typeof FIELDS)[number], text: string, whole: string): FieldSet {
  const values = new Set<number>();
  let isAny = false;
  for (const part of text.split(',')) {
    const match = /^(\*|\?|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw unsupported(whole, `${JSON.stringify(part)} is no ${field.name}`);
    const [, range, from, to, stepText] = match;
    const step = stepText === undefined ? 1 : Number(stepText);
    const star = range === '*' || range === '?';
    // Also with a step, as in robfig/cron 1.2, which KFP uses: `*/2 * mon` is a Monday of an odd date.
    if (star) isAny = true;
    const low = star ? field.min : numberIn(field, from!, whole);
    const high =
      star || (to === undefined && stepText !== undefined) ? field.max : to === undefined ? low : numberIn(field, to, whole);
    if (step === 0 || low > high) throw unsupported(whole, `${JSON.stringify(part)} is no ${field.name}`);
    for (let value = low; value <= high; value += step) values.add(value);
  }
  return { values, isAny };
}

function numberIn(field: (typeof FIELDS)[number], text: string, whole: string): number {
  const named = (field.names as readonly string[]).indexOf(text.toLowerCase());
  const value = named >= 0 ? named + field.first : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.min && value <= field.max)) {
    throw unsupported(whole, `${JSON.stringify(text)} is no ${field.name} (${field.min} to ${field.max})`);
  }
  return value;
}

interface FieldSets {
  readonly seconds: FieldSet;
  readonly minutes: FieldSet;
  readonly hours: FieldSet;
  readonly days: FieldSet;
  readonly months: FieldSet;
  readonly weekdays: FieldSet;
}

function fieldSchedule(sets: FieldSets, timeZone: string): CronSchedule {
  const offset = zoneOffset(timeZone);
  return {
    next(afterMs) {
      let fromMs = afterMs;
      let ahead = offset(fromMs);
      let wall = Math.floor((afterMs + ahead) / SECOND) * SECOND;
      for (;;) {
        const found = nextOnWall(sets, wall);
        if (found === undefined) return undefined;
        const change = firstChange(offset, { fromMs, untilMs: found - ahead });
        if (change === undefined) return found - ahead;
        // The clock on the wall is put forward or back before then: what follows is looked for by the clock as it is then.
        fromMs = change;
        ahead = offset(change);
        wall = change + ahead - SECOND;
      }
    },
  };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Skips whole months, days, hours and minutes that cannot fit. Times of the wall are kept as if they were UTC. */
function nextOnWall(sets: FieldSets, after: number): number | undefined {
  const end = Date.UTC(new Date(after).getUTCFullYear() + MAX_YEARS + 1, 0);
  for (let at = after + SECOND; at < end;) {
    const date = new Date(at);
    if (!sets.months.values.has(date.getUTCMonth() + 1)) at = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    else if (!fitsDay(sets, date)) at = Math.floor(at / DAY) * DAY + DAY;
    else if (!sets.hours.values.has(date.getUTCHours())) at = Math.floor(at / HOUR) * HOUR + HOUR;
    else if (!sets.minutes.values.has(date.getUTCMinutes())) at = Math.floor(at / MINUTE) * MINUTE + MINUTE;
    else if (!sets.seconds.values.has(date.getUTCSeconds())) at += SECOND;
    else return at;
  }
  return undefined;
}

function fitsDay({ days, weekdays }: FieldSets, date: Date): boolean {
  const day = days.values.has(date.getUTCDate());
  const weekday = weekdays.values.has(date.getUTCDay());
  return days.isAny || weekdays.isAny ? day && weekday : day || weekday;
}

function everySchedule(periodMs: number): CronSchedule {
  return { next: (afterMs) => Math.floor(afterMs / SECOND) * SECOND + periodMs };
}

const UNITS: Readonly<Record<string, number>> = { h: HOUR, m: MINUTE, s: SECOND, ms: 1 };

/** Go's durations: `1h30m`. Parts of a second are left out; less than a second counts as one. */
function durationMs(text: string, whole: string): number {
  if (!/^(\d+(\.\d+)?(ms|[hms]))+$/.test(text)) throw unsupported(whole, `${JSON.stringify(text)} is no duration such as 1h30m`);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[hms])/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit!]!, 0);
  return Math.max(SECOND, Math.floor(total / SECOND) * SECOND);
}

function unsupported(text: string, why: string): ProductError {
  const message = `Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron): ${JSON.stringify(text)}: ${why}`;
  return new ProductError('INVALID_ARGUMENTS', message);
}
