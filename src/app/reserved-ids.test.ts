import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reservedIds } from './reserved-ids.ts';

function counting() {
  let count = 0;
  return reservedIds({ uuid: () => `id-${(count += 1)}` });
}

test('The reserved identifier is given once; then others are.', () => {
  const ids = counting();
  assert.deepEqual(
    ids.with('mine', () => [ids.uuid(), ids.uuid()]),
    ['mine', 'id-1'],
  );
  assert.equal(ids.uuid(), 'id-2');
});

test('An identifier that nobody asked for is not given to the next who asks.', () => {
  const ids = counting();
  ids.with('mine', () => 'no identifier is needed');
  assert.equal(ids.uuid(), 'id-1');
});

test('An identifier is not kept for others when its use fails.', () => {
  const ids = counting();
  const fails = () => {
    throw new Error('no');
  };
  assert.throws(() => ids.with('mine', fails), /no/);
  assert.equal(ids.uuid(), 'id-1');
});

test('What asks only after it has waited gets another: the identifier is reserved for the beginning.', async () => {
  const ids = counting();
  const late = ids.with('mine', async () => {
    await Promise.resolve();
    return ids.uuid();
  });
  assert.equal(await late, 'id-1');
});
