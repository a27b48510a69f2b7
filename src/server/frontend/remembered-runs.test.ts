import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LineageRow, TaskRow } from '../../model/run.ts';
import { rememberedRuns } from './remembered-runs.ts';

/** A store that counts what is read of it; its one task has the sequence as its number. */
function counted() {
  const state = { sequence: 0 as number | undefined, taskReads: 0, lineageReads: 0, fails: false };
  const runs = rememberedRuns({
    lastSequence: async () => state.sequence,
    async listTasks() {
      state.taskReads += 1;
      if (state.fails) throw new Error('the database is away');
      return [{ task: state.sequence ?? -1 } as TaskRow];
    },
    async lineageOfRun() {
      state.lineageReads += 1;
      return [] as LineageRow[];
    },
  });
  return { state, runs };
}

test('the tasks of a run are read again only after it has changed', async () => {
  const { state, runs } = counted();
  await Promise.all([runs.tasks('r'), runs.tasks('r')]);
  await runs.tasks('r');
  assert.equal(state.taskReads, 1);
  state.sequence = 1;
  assert.deepEqual(await runs.tasks('r'), [{ task: 1 }]);
  assert.equal(state.taskReads, 2);
  await runs.lineage('r');
  await runs.lineage('r');
  assert.deepEqual([state.taskReads, state.lineageReads], [2, 1]);
});

test('a run without events yet is always read', async () => {
  const { state, runs } = counted();
  state.sequence = undefined;
  await runs.tasks('r');
  await runs.tasks('r');
  assert.equal(state.taskReads, 2);
});

test('a read that failed is not remembered', async () => {
  const { state, runs } = counted();
  state.fails = true;
  await assert.rejects(runs.tasks('r'));
  state.fails = false;
  assert.deepEqual(await runs.tasks('r'), [{ task: 0 }]);
});

test('only the runs that were asked for last are remembered', async () => {
  const { state, runs } = counted();
  for (let index = 0; index < 17; index += 1) await runs.tasks(`r${index}`);
  await runs.tasks('r16');
  assert.equal(state.taskReads, 17);
  await runs.tasks('r0');
  assert.equal(state.taskReads, 18);
});
