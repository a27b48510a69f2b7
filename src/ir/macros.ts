/** Macros in a run's arguments: `[[CurrentTime]]` and the like (KFP's backend/src/common/util/parameter_formatter.go). */
import type { JsonObject, JsonValue } from '../base/json.ts';
import { formatStrftime } from './strftime.ts';

export interface MacroFacts {
  readonly now: number;
  readonly runId: string;
  /** When a recurring run was due, epoch milliseconds; without it `[[ScheduledTime]]` stays as it is. */
  readonly scheduledAt?: number;
  /** The how-manieth run of a recurring run this is; without it `[[Index]]` stays as it is. */
  readonly index?: number;
}

/** The arguments with macros in texts expanded. Times are UTC, `[[CurrentTime.2006-01-02]]` takes a layout as Go writes it. */
export function expandMacros(args: JsonObject, facts: MacroFacts): JsonObject {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, expandValue(value, facts)]));
}

function expandValue(value: JsonValue, facts: MacroFacts): JsonValue {
  if (typeof value !== 'string') return value;
  return value.replace(MACRO, (whole, name?: string, layout?: string, time?: string, format?: string) =>
    name === undefined ? (expandTime(time!, format!, facts) ?? whole) : (expandMacro(name, layout, facts) ?? whole),
  );
}

/** `[[Name]]`, `[[Name.layout]]`, and the spelling of times that Python's compiler writes. */
const MACRO = /\[\[(\w+)(?:\.(.*?))?\]\]|\{\{\$\.(scheduledTime|currentTime)\.strftime\('(.*?)'\)\}\}/g;

function expandTime(name: string, format: string, { now, scheduledAt }: MacroFacts): string | undefined {
  const time = name === 'currentTime' ? now : scheduledAt;
  return time === undefined ? undefined : formatStrftime(time, format);
}

const DEFAULT_LAYOUT = '20060102150405';

function expandMacro(name: string, layout: string | undefined, facts: MacroFacts): string | undefined {
  switch (name) {
    case 'CurrentTime':
      return formatTime(facts.now, layout ?? DEFAULT_LAYOUT);
    case 'ScheduledTime':
      return facts.scheduledAt === undefined ? undefined : formatTime(facts.scheduledAt, layout ?? DEFAULT_LAYOUT);
    case 'RunUUID':
      return layout === undefined ? facts.runId : undefined;
    case 'Index':
      return layout === undefined && facts.index !== undefined ? String(facts.index) : undefined;
    default:
      return undefined;
  }
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
/** The elements of Go's reference time (Mon Jan 2 15:04:05 MST 2006), longer ones first. */
const LAYOUT = /January|Jan|Monday|Mon|MST|2006|Z07:00|-07:00|-0700|0[1-6]|_2|15|PM|pm|[1-5]/g;

/** Formats a time in UTC by a layout of Go's time package. */
function formatTime(ms: number, layout: string): string {
  const time = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const month = time.getUTCMonth();
  const day = time.getUTCDate();
  const hour12 = time.getUTCHours() % 12 || 12;
  const afternoon = time.getUTCHours() >= 12;
  const elements: Readonly<Record<string, string>> = {
    January: MONTHS[month]!,
    Jan: MONTHS[month]!.slice(0, 3),
    Monday: DAYS[time.getUTCDay()]!,
    Mon: DAYS[time.getUTCDay()]!.slice(0, 3),
    MST: 'UTC',
    2006: String(time.getUTCFullYear()).padStart(4, '0'),
    'Z07:00': 'Z',
    '-07:00': '+00:00',
    '-0700': '+0000',
    '01': two(month + 1),
    1: String(month + 1),
    '02': two(day),
    _2: String(day).padStart(2, ' '),
    2: String(day),
    15: two(time.getUTCHours()),
    '03': two(hour12),
    3: String(hour12),
    '04': two(time.getUTCMinutes()),
    4: String(time.getUTCMinutes()),
    '05': two(time.getUTCSeconds()),
    5: String(time.getUTCSeconds()),
    '06': two(time.getUTCFullYear() % 100),
    PM: afternoon ? 'PM' : 'AM',
    pm: afternoon ? 'pm' : 'am',
  };
  return layout.replace(LAYOUT, (element) => elements[element]!);
}
