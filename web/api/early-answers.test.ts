import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { askEarly, takeEarly } from './early-answers.ts';

const TAKEN_MS = [
  { afterMs: 0, isTaken: true },
  { afterMs: 4_999, isTaken: true },
  { afterMs: 5_000, isTaken: false },
] as const;

for (const { afterMs, isTaken } of TAKEN_MS) {
  test(`An answer that was asked for ${afterMs} ms ago is ${isTaken ? 'taken, once' : 'asked for again'}.`, async (context) => {
    const clock = context.mock.method(performance, 'now', () => 1_000);
    answerWith(context, async () => new Response('early'));
    askEarly('/runs');
    clock.mock.mockImplementation(() => 1_000 + afterMs);
    const answer = await takeEarly('/runs');
    assert.equal(await answer?.text(), isTaken ? 'early' : undefined);
    assert.equal(takeEarly('/runs'), undefined);
  });
}

test('What was not asked early is not there.', () => {
  assert.equal(takeEarly('/experiments'), undefined);
});

test('A server that does not answer is told to who takes the answer.', async (context) => {
  answerWith(context, async () => {
    throw new TypeError('no connection');
  });
  askEarly('/runs');
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(takeEarly('/runs')!, /no connection/);
});

function answerWith(context: TestContext, answer: () => Promise<Response>): void {
  context.mock.method(globalThis, 'fetch', answer);
}
