import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementHeight, followScroll, topFor } from './scroll-scale.ts';

const LONG = { height: 300_000_000, viewHeight: 600 };

test('a list that fits the browser is scrolled as it is', () => {
  assert.deepEqual(followScroll({ top: 0, at: 0 }, 500, { height: 10_000, viewHeight: 600 }), { top: 500, at: 500 });
});

test('in a longer one the wheel still goes line by line, and the thumb anywhere', () => {
  const middle = followScroll({ top: 0, at: 0 }, 4_000_000, LONG);
  assert.ok(Math.abs(middle.at - 150_000_000) < 1_000_000);
  assert.equal(followScroll(middle, middle.top + 100, LONG).at, middle.at + 100);
});

test('the ends are the ends', () => {
  assert.equal(followScroll({ top: 50, at: 5_000_000 }, 0, LONG).at, 0);
  assert.equal(followScroll({ top: 0, at: 0 }, elementHeight(LONG.height) - 600, LONG).at, LONG.height - 600);
});

test('a place leads to a position of the thumb that leads back to it', () => {
  const top = topFor(123_456_780, LONG);
  assert.ok(Math.abs(followScroll({ top: 0, at: 0 }, top, LONG).at - 123_456_780) < 1);
});
