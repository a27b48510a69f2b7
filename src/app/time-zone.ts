import { ProductError } from '../base/errors.ts';

/** How many milliseconds the clock of a zone is ahead of UTC at a moment in epoch milliseconds. */
export type ZoneOffset = (ms: number) => number;

const SECOND = 1000;
const DAY = 86_400_000;

/** The offset of an IANA zone. Throws INVALID_ARGUMENTS for an unknown one. */
export function zoneOffset(timeZone: string): ZoneOffset {
  if (timeZone === 'UTC') return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new ProductError('INVALID_ARGUMENTS', `there is no time zone ${JSON.stringify(timeZone)}`, {
      hint: 'use a name such as UTC or Europe/Berlin',
      cause,
    });
  }
  return (ms) => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'], part['second']);
    return wall - Math.floor(ms / SECOND) * SECOND;
  };
}

/** Changes of a zone's offset are further apart than this. */
const LOOK_AHEAD_MS = 7 * DAY;

/** The first second until `untilMs` at which the offset is not that of `fromMs`; undefined if it stays. */
export function firstChange(
  offset: ZoneOffset,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): number | undefined {
  const ahead = offset(fromMs);
  let before = Math.floor(fromMs / SECOND) * SECOND;
  let after = before;
  do {
    before = after;
    after = Math.min(untilMs, before + LOOK_AHEAD_MS);
    if (before >= untilMs) return undefined;
  } while (offset(after) === ahead);
  while (after - before > SECOND) {
    const middle = Math.floor((before + after) / 2 / SECOND) * SECOND;
    if (offset(middle) === ahead) before = middle;
    else after = middle;
  }
  return after;
}
