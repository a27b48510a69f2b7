// Runs and tasks are named by people: in full, by a beginning, as "last", with or without the leading slash.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRow, TaskRow } from '../model/run.ts';
import { findRun, taskAtPath } from './find-run.ts';

const runs = ['aa11', 'aa22', 'bb33'].map((runId) => ({ runId }) as RunRow);
const store = {
  getRun: (id: string) => Promise.resolve(runs.find((run) => run.runId === id)),
  listRuns: ({ limit }: { readonly limit: number }) => Promise.resolve(runs.slice(0, limit)),
};

const found: readonly (readonly [string, string])[] = [
  ['bb33', 'bb33'],
  ['b', 'bb33'],
  ['last', 'aa11'],
];
for (const [name, runId] of found) {
  test(`${name} is run ${runId}`, async () => assert.equal((await findRun(store, name)).runId, runId));
}

test('a beginning that several runs share is refused with their number', async () => {
  await assert.rejects(findRun(store, 'aa'), /2 runs begin with aa/);
});

test('a task is found by its path, and what looks like it is named when it is not there', () => {
  const tasks = [
    { task: 1, parentTask: 0, path: '/loop' },
    { task: 2, parentTask: 1, path: '/loop[0]/train' },
  ] as TaskRow[];
  assert.equal(taskAtPath(tasks, 'loop[0]/train').task, 2);
  assert.throws(
    () => taskAtPath(tasks, '/train'),
    (error: { hint?: string }) => /\/loop\[0\]\/train/.test(error.hint ?? ''),
  );
});
