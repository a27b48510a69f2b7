import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as later } from 'node:timers/promises';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

/** Work that says when it begins and ends when it is told to. */
function held(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    end: resolve,
    work: async () => {
      log.push(name);
      await promise;
    },
  };
}

test('no more than the limit work at once, and the others follow in the order they came.', async () => {
  const turns = new Turns(2);
  const log: string[] = [];
  const all = ['a', 'b', 'c', 'd'].map((name) => held(log, name));
  const done = all.map(({ work }) => turns.take(never, work));
  await later();
  assert.deepEqual(log, ['a', 'b']);
  all[1]!.end();
  await done[1];
  await later();
  assert.deepEqual(log, ['a', 'b', 'c']);
  for (const { end } of all) end();
  await Promise.all(done);
  assert.deepEqual(log, ['a', 'b', 'c', 'd']);
});

test('who does not want to wait any longer leaves the queue, and loses nobody a turn.', async () => {
  const turns = new Turns(1);
  const log: string[] = [];
  const first = held(log, 'first');
  const done = turns.take(never, first.work);
  const impatient = new AbortController();
  const refused = turns.take(impatient.signal, async () => log.push('impatient'));
  const last = turns.take(never, async () => log.push('last'));
  impatient.abort(new Error('enough'));
  await assert.rejects(refused, /enough/);
  await assert.rejects(
    turns.take(impatient.signal, async () => log.push('impatient')),
    /enough/,
  );
  first.end();
  await Promise.all([done, last]);
  assert.deepEqual(log, ['first', 'last']);
});

test('what takes long outside of the turn lets others work, and a failure there gives no turn back twice.', async () => {
  const turns = new Turns(1);
  const log: string[] = [];
  const pull = held(log, 'pull');
  const slow = turns.take(never, async (turn) => {
    await turn.outside(pull.work);
    log.push('pulled');
  });
  await turns.take(never, async () => log.push('other'));
  pull.end();
  await slow;
  assert.deepEqual(log, ['pull', 'other', 'pulled']);
  const broken = turns.take(never, (turn) => turn.outside(() => Promise.reject(new Error('no such image'))));
  await assert.rejects(broken, /no such image/);
  const one = held(log, 'one');
  const two = held(log, 'two');
  const both = [turns.take(never, one.work), turns.take(never, two.work)];
  await later();
  assert.equal(log.at(-1), 'one', 'still one at a time');
  one.end();
  two.end();
  await Promise.all(both);
});
