/** Times in the notation of C's strftime, in UTC, as far as KFP's schedules know it (github.com/lestrrat-go/strftime). */

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const DAY_MS = 86_400_000;

const two = (value: number): string => String(value).padStart(2, '0');
const spaced = (value: number): string => String(value).padStart(2, ' ');
const hour12 = (time: Date): number => time.getUTCHours() % 12 || 12;
/** 1 on the first of January. */
const dayOfYear = (time: Date): number => Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
/** Weeks that begin with the given weekday; days before the first such one are in week 0. */
const weekFrom = (time: Date, weekday: number): number =>
  Math.floor((dayOfYear(time) + 6 - ((time.getUTCDay() - weekday + 7) % 7)) / 7);

const DIRECTIVES: Readonly<Record<string, (time: Date) => string>> = {
  A: (time) => DAYS[time.getUTCDay()]!,
  a: (time) => DAYS[time.getUTCDay()]!.slice(0, 3),
  B: (time) => MONTHS[time.getUTCMonth()]!,
  b: (time) => MONTHS[time.getUTCMonth()]!.slice(0, 3),
  C: (time) => two(Math.floor(time.getUTCFullYear() / 100)),
  D: (time) => strftime(time, '%m/%d/%y'),
  d: (time) => two(time.getUTCDate()),
  e: (time) => spaced(time.getUTCDate()),
  F: (time) => strftime(time, '%Y-%m-%d'),
  H: (time) => two(time.getUTCHours()),
  h: (time) => strftime(time, '%b'),
  I: (time) => two(hour12(time)),
  j: (time) => String(dayOfYear(time)).padStart(3, '0'),
  k: (time) => spaced(time.getUTCHours()),
  l: (time) => spaced(hour12(time)),
  M: (time) => two(time.getUTCMinutes()),
  m: (time) => two(time.getUTCMonth() + 1),
  n: () => '\n',
  p: (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM'),
  R: (time) => strftime(time, '%H:%M'),
  r: (time) => strftime(time, '%I:%M:%S %p'),
  S: (time) => two(time.getUTCSeconds()),
  s: (time) => String(Math.floor(time.getTime() / 1000)),
  T: (time) => strftime(time, '%H:%M:%S'),
  t: () => '\t',
  U: (time) => two(weekFrom(time, 0)),
  u: (time) => String(time.getUTCDay() || 7),
  v: (time) => strftime(time, '%e-%b-%Y'),
  W: (time) => two(weekFrom(time, 1)),
  w: (time) => String(time.getUTCDay()),
  Y: (time) => String(time.getUTCFullYear()).padStart(4, '0'),
  y: (time) => two(time.getUTCFullYear() % 100),
  Z: () => 'UTC',
  z: () => '+0000',
  '%': () => '%',
};

/** Undefined if the format has a directive that is not known. */
export function formatStrftime(ms: number, format: string): string | undefined {
  const directives = Array.from(format.matchAll(/%([\s\S]?)/g), ([, letter]) => letter ?? '');
  return directives.every((letter) => Object.hasOwn(DIRECTIVES, letter)) ? strftime(new Date(ms), format) : undefined;
}

function strftime(time: Date, format: string): string {
  return format.replace(/%([\s\S])/g, (_whole, letter: string) => DIRECTIVES[letter]!(time));
}
