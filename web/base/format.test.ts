import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatCores, formatDuration, formatMemory, formatRelative, plural } from './format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('durations have two parts at most', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '0 ms'],
    [850, '850 ms'],
    [4_260, '4.2 s'],
    [9_999, '9.9 s'],
    [42_900, '42 s'],
    [3 * MINUTE + 5_000, '3 m 05 s'],
    [2 * HOUR + 10 * MINUTE, '2 h 10 m'],
    [3 * DAY + 4 * HOUR, '3 d 4 h'],
    [-5, '0 ms'],
  ];
  for (const [ms, text] of rows) assert.equal(formatDuration(ms), text);
});

test('times are told from now, in both directions', () => {
  const now = 100 * DAY;
  const rows: readonly (readonly [number, string])[] = [
    [now, 'just now'],
    [now - 42_000, '42 s ago'],
    [now - 5 * MINUTE, '5 m ago'],
    [now - 3 * DAY, '3 d ago'],
    [now + 2 * HOUR, 'in 2 h'],
    [now + 5_000, 'in seconds'],
  ];
  for (const [at, text] of rows) assert.equal(formatRelative(at, now), text);
  assert.match(formatRelative(0, now), /1970|Jan/);
});

test('sizes have three digits at most', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '0 B'],
    [812, '812 B'],
    [999, '999 B'],
    [1_000, '1.0 KB'],
    [4_100, '4.1 KB'],
    [12_345_678, '12 MB'],
    [999_600, '1.0 MB'],
  ];
  for (const [bytes, text] of rows) assert.equal(formatBytes(bytes), text);
});

test('memory and cores are told as requests for them are written', () => {
  const rows: readonly (readonly [number, string])[] = [
    [512, '512 B'],
    [4_300_000, '4.1 MiB'],
    [210 * 2 ** 20, '210 MiB'],
    [2 ** 30 - 1, '1 GiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
  ];
  for (const [bytes, text] of rows) assert.equal(formatMemory(bytes), text);
  assert.deepEqual([formatCores(0.3), formatCores(2.414), formatCores(4)], ['0.3', '2.41', '4']);
});

test('nouns agree with their number', () => {
  assert.deepEqual([plural(1, 'run'), plural(0, 'run'), plural(1_200, 'run')], ['1 run', '0 runs', '1,200 runs']);
});
