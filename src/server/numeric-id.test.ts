import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numericId } from './numeric-id.ts';

test('Numbers are positive, exact as doubles, and the same for the same id.', () => {
  const numbers = Array.from({ length: 1_000 }, (_, index) => numericId(`run.${index}`));
  for (const number of numbers) assert.ok(Number.isSafeInteger(number) && number > 0 && number < 2 ** 52);
  assert.equal(new Set(numbers).size, 1_000);
  assert.equal(numericId('run.7'), numbers[7]);
});

test('The number of an id stays what it was: clients keep it.', () => {
  assert.equal(numericId('a'), 2_112_242_537_184_714);
});
