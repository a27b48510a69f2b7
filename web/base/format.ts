/** Numbers and times as the dashboard writes them. Pure: `now` comes in. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `850 ms`, `4.2 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} m ${two(Math.floor((ms % MINUTE) / SECOND))} s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${two(Math.floor((ms % HOUR) / MINUTE))} m`;
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

/** `just now`, `5 m ago`, `in 2 h`, `3 d ago`, and a date for what is further away. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 10 * SECOND) return at > now + SECOND ? 'in seconds' : 'just now';
  if (distance > 30 * DAY) return DATE.format(at);
  const text = [[DAY, 'd'] as const, [HOUR, 'h'] as const, [MINUTE, 'm'] as const, [SECOND, 's'] as const].find(
    ([unit]) => distance >= unit,
  )!;
  const amount = `${Math.floor(distance / text[0])} ${text[1]}`;
  return at > now ? `in ${amount}` : `${amount} ago`;
}

// Made once: making one takes longer than drawing a row of a list.
const DATE = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const EXACT = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const COUNT = new Intl.NumberFormat('en-GB');

/** `24 Nov 2026, 14:03:21 GMT+1`, in the reader's language and time zone. */
export const formatExact = (at: number): string => EXACT.format(at);

/** `812 B`, `4.1 KB`, `12 MB`: decimal units, as object stores bill. */
export function formatBytes(bytes: number): string {
  const { value, unit } = inUnits(bytes, 1000, ['B', 'KB', 'MB', 'GB', 'TB', 'PB']);
  return `${unit === 'B' || value >= 10 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** `210 MiB`, `1.5 GiB`: binary units, as requests for memory are written. */
export function formatMemory(bytes: number): string {
  const { value, unit } = inUnits(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`;
}

/** In the largest unit of which there is one when rounded; each is `step` of the one before. */
function inUnits(bytes: number, step: number, units: readonly string[]): { readonly value: number; readonly unit: string } {
  let value = bytes;
  let unit = 0;
  while (value >= step - 0.5 && unit < units.length - 1) {
    value /= step;
    unit += 1;
  }
  return { value, unit: units[unit]! };
}

/** `0.3`, `2.41`: cores of a processor. */
export const formatCores = (cores: number): string => String(Math.round(cores * 100) / 100);

/** `1,204`. */
export const formatCount = (count: number): string => COUNT.format(count);

/** `1 run`, `2 runs`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const two = (value: number): string => String(value).padStart(2, '0');
