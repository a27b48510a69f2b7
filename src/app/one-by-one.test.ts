import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneByOne } from './one-by-one.ts';

/** Work that begins and ends when it is told to. */
function heldWork(name: string, log: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const work = async () => {
    log.push(`${name} begins`);
    return await promise;
  };
  return { work, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('Work for one key waits for the work before, and each is told its own result.', async () => {
  const log: string[] = [];
  const inTurn = oneByOne();
  const [first, second] = [heldWork('first', log), heldWork('second', log)];
  const results = Promise.all([inTurn('run', first.work), inTurn('run', second.work)]);
  await turn();
  assert.deepEqual(log, ['first begins']);
  first.end();
  second.end();
  assert.deepEqual(await results, ['first', 'second']);
});

test('Work for another key does not wait.', async () => {
  const log: string[] = [];
  const inTurn = oneByOne();
  const [first, other] = [heldWork('first', log), heldWork('other', log)];
  const results = [inTurn('a', first.work), inTurn('b', other.work)];
  await turn();
  assert.deepEqual(log, ['first begins', 'other begins']);
  first.end();
  other.end();
  await Promise.all(results);
});

test('Work after one that failed is done, and only the one that failed is told.', async () => {
  const log: string[] = [];
  const inTurn = oneByOne();
  const [first, second] = [heldWork('first', log), heldWork('second', log)];
  const failing = inTurn('run', first.work);
  const next = inTurn('run', second.work);
  first.fail();
  second.end();
  await assert.rejects(failing, /first/);
  assert.equal(await next, 'second');
});
