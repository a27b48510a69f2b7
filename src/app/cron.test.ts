import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTimes, parseCron } from './cron.ts';

interface Case {
  readonly title: string;
  readonly cron: string;
  /** ISO 8601, with an offset where the zone is not UTC. */
  readonly from: string;
  readonly zone?: string;
  /** The next times, in UTC. */
  readonly next: readonly string[];
}

const NEW_YEAR = '2026-01-01T00:00:00Z';
const NEW_YORK = 'America/New_York';

const CASES: readonly Case[] = [
  {
    title: 'The first of six fields is the second.',
    cron: '30 15 8 1 1 *',
    from: NEW_YEAR,
    next: ['2026-01-01T08:15:30.000Z', '2027-01-01T08:15:30.000Z'],
  },
  {
    title: 'Five fields begin with the second too: the day of the week is left out.',
    cron: '0 0 1 1 *',
    from: NEW_YEAR,
    next: ['2026-01-01T01:00:00.000Z', '2026-02-01T01:00:00.000Z'],
  },
  {
    title: 'A time that fits exactly is not the next one.',
    cron: '0 0 0 * * *',
    from: NEW_YEAR,
    next: ['2026-01-02T00:00:00.000Z'],
  },
  {
    title: 'A moment within a second counts as that second.',
    cron: '* * * * * *',
    from: '2026-01-01T00:00:00.400Z',
    next: ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:02.000Z'],
  },
  {
    title: 'A range takes every value from its first to its last.',
    cron: '0 0 9-11 * * *',
    from: NEW_YEAR,
    next: ['2026-01-01T09:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T11:00:00.000Z', '2026-01-02T09:00:00.000Z'],
  },
  {
    title: 'A step counts from the beginning of its range.',
    cron: '0 5-30/10 * * * *',
    from: NEW_YEAR,
    next: ['2026-01-01T00:05:00.000Z', '2026-01-01T00:15:00.000Z', '2026-01-01T00:25:00.000Z', '2026-01-01T01:05:00.000Z'],
  },
  {
    title: 'A step after one value goes on to the end of the field.',
    cron: '0 50/5 * * * *',
    from: NEW_YEAR,
    next: ['2026-01-01T00:50:00.000Z', '2026-01-01T00:55:00.000Z', '2026-01-01T01:50:00.000Z'],
  },
  {
    title: 'A list may hold values, ranges and steps.',
    cron: '0 0 1,4-5,22/2 * * *',
    from: NEW_YEAR,
    next: [
      '2026-01-01T01:00:00.000Z',
      '2026-01-01T04:00:00.000Z',
      '2026-01-01T05:00:00.000Z',
      '2026-01-01T22:00:00.000Z',
      '2026-01-02T01:00:00.000Z',
    ],
  },
  {
    title: 'Months and days of the week have names, in any case.',
    cron: '0 0 0 ? Feb-MAR fri',
    from: NEW_YEAR,
    next: ['2026-02-06T00:00:00.000Z', '2026-02-13T00:00:00.000Z'],
  },
  {
    title: 'A question mark is a star.',
    cron: '0 0 12 ? * MON',
    from: NEW_YEAR,
    next: ['2026-01-05T12:00:00.000Z', '2026-01-12T12:00:00.000Z'],
  },
  {
    title: 'Where both days are restricted, one that fits is enough.',
    cron: '0 0 0 13 * fri',
    from: NEW_YEAR,
    next: ['2026-01-02T00:00:00.000Z', '2026-01-09T00:00:00.000Z', '2026-01-13T00:00:00.000Z', '2026-01-16T00:00:00.000Z'],
  },
  {
    title: 'Where one of the days is a star, the other decides.',
    cron: '0 0 0 13 * *',
    from: NEW_YEAR,
    next: ['2026-01-13T00:00:00.000Z', '2026-02-13T00:00:00.000Z'],
  },
  {
    title: 'A star with a step is still a star: both days have to fit.',
    cron: '0 0 0 */2 * mon',
    from: NEW_YEAR,
    next: ['2026-01-05T00:00:00.000Z', '2026-01-19T00:00:00.000Z'],
  },
  {
    title: 'The 31st is only in months that have one.',
    cron: '0 0 0 31 * *',
    from: NEW_YEAR,
    next: ['2026-01-31T00:00:00.000Z', '2026-03-31T00:00:00.000Z', '2026-05-31T00:00:00.000Z'],
  },
  { title: 'The 29th of February is waited for.', cron: '0 0 0 29 2 *', from: NEW_YEAR, next: ['2028-02-29T00:00:00.000Z'] },
  { title: 'A date that does not exist never comes.', cron: '0 0 0 31 2 *', from: NEW_YEAR, next: [] },
  {
    title: '@hourly is the beginning of each hour.',
    cron: '@hourly',
    from: NEW_YEAR,
    next: ['2026-01-01T01:00:00.000Z', '2026-01-01T02:00:00.000Z'],
  },
  { title: '@weekly is midnight before Sunday.', cron: '@weekly', from: NEW_YEAR, next: ['2026-01-04T00:00:00.000Z'] },
  { title: '@monthly is the first of a month.', cron: '@monthly', from: NEW_YEAR, next: ['2026-02-01T00:00:00.000Z'] },
  { title: '@yearly is the first of January.', cron: '@yearly', from: NEW_YEAR, next: ['2027-01-01T00:00:00.000Z'] },
  {
    title: '@every counts from the time it is asked at, in whole seconds.',
    cron: '@every 1h30m',
    from: '2026-01-01T00:00:00.700Z',
    next: ['2026-01-01T01:30:00.000Z', '2026-01-01T03:00:00.000Z'],
  },
  {
    title: '@every is never more often than each second.',
    cron: '@every 10ms',
    from: NEW_YEAR,
    next: ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:02.000Z'],
  },
  {
    title: 'Hours are those of the time zone.',
    cron: '0 0 9 * * *',
    zone: 'Asia/Kolkata',
    from: NEW_YEAR,
    next: ['2026-01-01T03:30:00.000Z', '2026-01-02T03:30:00.000Z'],
  },
  {
    title: 'A time that is left out when the clock is put forward is passed over.',
    cron: '0 30 2 * * *',
    zone: NEW_YORK,
    from: '2026-03-07T03:00:00-05:00',
    next: ['2026-03-09T06:30:00.000Z'],
  },
  {
    title: 'Each hour comes once when the clock is put forward.',
    cron: '0 0 * * * *',
    zone: NEW_YORK,
    from: '2026-03-08T00:30:00-05:00',
    next: ['2026-03-08T06:00:00.000Z', '2026-03-08T07:00:00.000Z', '2026-03-08T08:00:00.000Z'],
  },
  {
    title: 'Each hour comes once when the clock is put back.',
    cron: '0 0 * * * *',
    zone: NEW_YORK,
    from: '2026-11-01T00:30:00-04:00',
    next: ['2026-11-01T05:00:00.000Z', '2026-11-01T06:00:00.000Z', '2026-11-01T07:00:00.000Z'],
  },
  {
    title: 'Each half hour goes on through the hour that comes twice.',
    cron: '0 */30 * * * *',
    zone: NEW_YORK,
    from: '2026-11-01T01:10:00-04:00',
    next: ['2026-11-01T05:30:00.000Z', '2026-11-01T06:00:00.000Z', '2026-11-01T06:30:00.000Z', '2026-11-01T07:00:00.000Z'],
  },
  {
    title: 'A time of day that comes twice is due twice.',
    cron: '0 30 1 * * *',
    zone: NEW_YORK,
    from: '2026-11-01T00:00:00-04:00',
    next: ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z', '2026-11-02T06:30:00.000Z'],
  },
  {
    title: 'A time after the next change of the clock is found by the clock as it is then.',
    cron: '0 0 12 1 7 *',
    zone: 'Europe/Berlin',
    from: NEW_YEAR,
    next: ['2026-07-01T10:00:00.000Z', '2027-07-01T10:00:00.000Z'],
  },
];

for (const { title, cron, from, zone = 'UTC', next } of CASES) {
  test(title, () => {
    const times = nextTimes(cron, { fromMs: Date.parse(from), count: Math.max(1, next.length), timeZone: zone });
    assert.deepEqual(
      times.map((time) => new Date(time).toISOString()),
      next,
    );
  });
}

for (const [cron, reason] of [
  ['* * * *', /it has 4 fields; 6 are needed/],
  ['0 0 0 1 1 * 2026', /it has 7 fields/],
  ['', /1 fields/],
  ['60 * * * * *', /"60" is no second \(0 to 59\)/],
  ['0 0 24 * * *', /"24" is no hour/],
  ['0 0 0 0 * *', /"0" is no day of the month \(1 to 31\)/],
  ['0 0 0 1 13 *', /"13" is no month/],
  ['0 0 0 * * 7', /"7" is no day of the week \(0 to 6\)/],
  ['0 0 0 * * fri-mon', /"fri-mon" is no day of the week/],
  ['*/0 * * * * *', /"\*\/0" is no second/],
  ['1-2-3 * * * * *', /"1-2-3" is no second/],
  ['0 0 0 L * *', /"L" is no day of the month/],
  ['@fortnightly', /1 fields/],
  ['@every soon', /"soon" is no duration such as 1h30m/],
] as const) {
  test(`${JSON.stringify(cron)} is refused with the part that is wrong.`, () => {
    assert.throws(() => parseCron(cron), { name: 'ProductError', code: 'INVALID_ARGUMENTS', message: reason });
    assert.throws(() => parseCron(cron), /Schedule cron is not a supported format/);
  });
}

test('A time zone that does not exist is told by its name.', () => {
  assert.throws(() => parseCron('@daily', 'Mars/Olympus'), { code: 'INVALID_ARGUMENTS', message: /time zone "Mars\/Olympus"/ });
});
