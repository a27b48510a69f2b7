import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreFull } from '../store/store-full.ts';
import { waitForSpace } from './wait-for-space.ts';

const full = new StoreFull('pipewright.db', new Error('database or disk is full'));
/** Whatever is to happen later happens at once. */
const hastyClock = {
  now: () => 0,
  at: (_atMs: number, callback: () => void) => {
    setImmediate(callback);
    return () => {};
  },
};

/** Is refused `times` times, then done. */
function refused(times: number) {
  let tries = 0;
  return async () => {
    if (tries++ < times) throw full;
    return tries;
  };
}

test('What cannot be written because the store is full is written later; that is told once, and when it is over.', async () => {
  const told: (Error | undefined)[] = [];
  const options = { clock: hastyClock, isStopped: () => false, onFull: (error: Error | undefined) => told.push(error) };
  assert.equal(await waitForSpace(refused(3), options), 4);
  assert.deepEqual(told, [full, undefined]);
  assert.equal(await waitForSpace(refused(0), options), 1);
  assert.equal(told.length, 2);
});

test('Any other failure, and a full store of an engine that is stopped, is not waited for.', async () => {
  const broken = async () => {
    throw new Error('broken');
  };
  await assert.rejects(waitForSpace(broken, { clock: hastyClock, isStopped: () => false }), /broken/);
  await assert.rejects(waitForSpace(refused(1), { clock: hastyClock, isStopped: () => true }), StoreFull);
});
