import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../../base/errors.ts';
import type { Session } from './session.ts';
import { waitingLines } from './waiting-steps.ts';

/** A session of which only the one call is answered. */
const answering = (call: () => Promise<unknown>) => ({ own: { call } }) as unknown as Session;

test('steps that are ready and say what they wait for are listed, a few of many', async () => {
  const waiting = (path: string) => ({ path, state: 'PENDING', state_reason: 'waits for 1 CPU: 0 of 2 free' });
  const tasks = [
    waiting('/a'),
    { path: '/b', state: 'RUNNING', state_reason: 'it has not run before' },
    { path: '/c', state: 'PENDING' },
  ];
  assert.deepEqual(
    await waitingLines(
      answering(async () => ({ tasks })),
      'r',
    ),
    ['/a  waits for 1 CPU: 0 of 2 free'],
  );
  const many = Array.from({ length: 14 }, (_, index) => waiting(`/${index}`));
  const lines = await waitingLines(
    answering(async () => ({ tasks: many })),
    'r',
  );
  assert.equal(lines.length, 11);
  assert.equal(lines.at(-1), 'and 4 more');
});

test('another Kubeflow Pipelines, which does not tell, is no error', async () => {
  const none = answering(() => Promise.reject(new ProductError('NOT_FOUND', 'no such page')));
  assert.deepEqual(await waitingLines(none, 'r'), []);
});
