import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatStrftime } from './strftime.ts';

const TIME = Date.UTC(2026, 10, 4, 15, 5, 9);

for (const [format, expected] of [
  ['%Y-%m-%dT%H:%M:%S%z', '2026-11-04T15:05:09+0000'],
  ['%F %T %D %R', '2026-11-04 15:05:09 11/04/26 15:05'],
  ['%A %a %B %b %h', 'Wednesday Wed November Nov Nov'],
  ['%e|%k|%l|%I %p|%r', ' 4|15| 3|03 PM|03:05:09 PM'],
  ['%j %u %w %U %W', '308 3 3 44 44'],
  ['%y %C %Z 100%%', '26 20 UTC 100%'],
  ['%s', '1793804709'],
  ['plain', 'plain'],
  ['%Q', undefined],
  ['50%', undefined],
] as const) {
  test(`${format} is ${expected ?? 'refused'}`, () => assert.equal(formatStrftime(TIME, format), expected));
}
