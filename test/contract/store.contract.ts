import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../../src/base/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { cacheContract } from './store-cache.contract.ts';
import { artifactRecordsContract } from './store-artifacts.contract.ts';
import { attempt, batch, cached, lineage, run, SCOPE, task, tick } from './store-fixtures.ts';
import { roundTripContract } from './store-round-trip.contract.ts';

/** Opens an empty store; the suite disposes it. */
export type OpenStore = () => Promise<Store>;

/** What every store does, whatever it keeps its rows in. What a crash leaves is tested beside each implementation. */
export function storeContract(name: string, open: OpenStore): void {
  runsContract(name, open);
  commitContract(name, open);
  cacheContract(name, open);
  artifactRecordsContract(name, open);
  roundTripContract(name, open);
}

function runsContract(name: string, open: OpenStore): void {
  test(`${name}: what was never written is not there.`, async () => {
    await using store = await open();
    assert.equal(await store.getRun('nobody'), undefined);
    assert.equal(await store.loadDocument('nothing'), undefined);
    assert.deepEqual(await store.listRuns({ limit: 10 }), []);
    assert.deepEqual(await store.loadEvents('nobody'), []);
    assert.equal(await store.lastSequence('nobody'), undefined);
    assert.deepEqual(await store.listTasks('nobody'), []);
    assert.deepEqual(await store.listAttempts('nobody'), []);
  });

  test(`${name}: a document is kept under its digest, and keeping it again is harmless.`, async () => {
    await using store = await open();
    await store.saveDocument('d1', '{"a":"é"}');
    await store.saveDocument('d1', '{"a":"é"}');
    assert.equal(await store.loadDocument('d1'), '{"a":"é"}');
  });

  test(`${name}: runs are listed newest first, up to the limit, of the states asked for.`, async () => {
    await using store = await open();
    const rows = [
      run('r1', { createdAtMs: 1, state: 'SUCCEEDED' }),
      run('r2', { createdAtMs: 4, state: 'RUNNING' }),
      run('r3', { createdAtMs: 2, state: 'PENDING' }),
      run('r4', { createdAtMs: 3, state: 'RUNNING' }),
    ];
    await store.commit(batch({ runs: rows }));
    const list = async (options: Parameters<Store['listRuns']>[0]) => (await store.listRuns(options)).map((row) => row.runId);
    assert.deepEqual(await list({ limit: 10 }), ['r2', 'r4', 'r3', 'r1']);
    assert.deepEqual(await list({ limit: 3 }), ['r2', 'r4', 'r3']);
    assert.deepEqual(await list({ states: ['PENDING', 'RUNNING'], limit: 10 }), ['r2', 'r4', 'r3']);
    assert.deepEqual(await list({ states: ['PENDING', 'RUNNING', 'RUNNING'], limit: 2 }), ['r2', 'r4']);
    assert.deepEqual(await list({ states: ['SUCCEEDED'], limit: 10 }), ['r1']);
    assert.deepEqual(await list({ states: [], limit: 10 }), []);
    assert.deepEqual(await list({ states: ['NO_SUCH_STATE'], limit: 10 }), []);
  });

  test(`${name}: tasks and attempts come back by their numbers, of one run only.`, async () => {
    await using store = await open();
    const tasks = [task('r1', 10), task('r1', 2), task('r1', 0), task('r2', 1)];
    const attempts = [attempt('r1', 2, { attempt: 1 }), attempt('r1', 10), attempt('r1', 2), attempt('r2', 1)];
    await store.commit(batch({ tasks, attempts }));
    assert.deepEqual(await store.listTasks('r1'), [tasks[2], tasks[1], tasks[0]]);
    assert.deepEqual(await store.getTask('r1', tasks[1]!.task), tasks[1]);
    assert.equal(await store.getTask('r1', 99), undefined);
    assert.equal(await store.getTask('nobody', tasks[1]!.task), undefined);
    assert.deepEqual(await store.listTasks('r1', { after: 0, limit: 1 }), [tasks[1]]);
    assert.deepEqual(await store.listTasks('r1', { after: 2 }), [tasks[0]]);
    assert.deepEqual(await store.listTasks('r1', { parents: [0], limit: 9 }), [tasks[1], tasks[0]]);
    assert.deepEqual(await store.listTasks('r1', { parents: [] }), []);
    assert.deepEqual([await store.countTasks('r1'), await store.countTasks('r1', { parents: [0] })], [3, 2]);
    assert.deepEqual([await store.countTasks('nobody'), await store.countTasks('r1', { parents: [] })], [0, 0]);
    assert.deepEqual(await store.listAttempts('r1'), [attempts[2], attempts[0], attempts[1]]);
  });
}

function commitContract(name: string, open: OpenStore): void {
  test(`${name}: committing a row with the same key replaces it, and the last of a batch wins.`, async () => {
    await using store = await open();
    await store.commit(batch({ runs: [run('r1')], tasks: [task('r1', 1)], attempts: [attempt('r1', 1)] }));
    const ended = run('r1', { state: 'FAILED', endedAtMs: 5, error: { code: 1, message: 'no', cause: 'step' } });
    const done = task('r1', 1, { state: 'SUCCEEDED', outputs: { parameters: { a: 1 }, artifacts: {} } });
    const tried = attempt('r1', 1, { state: 'SUCCEEDED', cpuMs: 12.5 });
    await store.commit(batch({ runs: [ended], tasks: [task('r1', 1, { state: 'RUNNING' }), done], attempts: [tried] }));
    assert.deepEqual(await store.getRun('r1'), ended);
    assert.deepEqual(await store.listTasks('r1'), [done]);
    assert.deepEqual(await store.listAttempts('r1'), [tried]);
    await store.commit(batch({ runs: [run('r1')] }));
    assert.deepEqual(await store.getRun('r1'), run('r1'), 'fields that are gone from the row are gone from the store');
  });

  test(`${name}: a batch of upserts that is committed twice leaves the same content.`, async () => {
    await using store = await open();
    const upserts = batch({ runs: [run('r1')], tasks: [task('r1', 1)], attempts: [attempt('r1', 1)], cache: [cached('k')] });
    await store.commit(upserts);
    const before = await everything(store);
    await store.commit(upserts);
    assert.deepEqual(await everything(store), before);
  });

  test(`${name}: events come back in the order of their sequence.`, async () => {
    await using store = await open();
    await store.commit(batch({ events: [tick('r1', 1), tick('r1', 0), tick('r2', 0)] }));
    await store.commit(batch({ events: [tick('r1', 10), tick('r1', 2)] }));
    assert.deepEqual(await store.loadEvents('r1'), [tick('r1', 0), tick('r1', 1), tick('r1', 2), tick('r1', 10)]);
    assert.equal(await store.lastSequence('r1'), 10);
  });

  test(`${name}: a sequence that is taken is a conflict, and nothing of the batch is kept.`, async () => {
    await using store = await open();
    await store.commit(batch({ runs: [run('r1')], events: [tick('r1', 0)] }));
    const before = await everything(store);
    const late = batch({
      runs: [run('r1', { state: 'RUNNING' }), run('r2')],
      events: [tick('r1', 1), tick('r1', 0)],
      tasks: [task('r1', 1)],
    });
    const isConflict = (error: unknown) =>
      error instanceof ProductError && error.code === 'CONFLICT' && /\br1\b/.test(error.message);
    await assert.rejects(store.commit(late), isConflict);
    assert.deepEqual(await everything(store), before);
    assert.equal(await store.getRun('r2'), undefined);
    await store.commit(batch({ events: [tick('r1', 1)] }));
  });

  test(`${name}: a run that has to be new and is there already is a conflict, and nothing of the batch is kept.`, async () => {
    await using store = await open();
    await store.commit(batch({ runs: [run('r1')], newRuns: true, durable: true }));
    const again = batch({ runs: [run('r2'), run('r1', { state: 'RUNNING' })], newRuns: true, durable: true });
    await assert.rejects(store.commit(again), { code: 'CONFLICT', message: /\br1\b/ });
    assert.deepEqual([await store.getRun('r1'), await store.getRun('r2')], [run('r1'), undefined]);
  });

  test(`${name}: removed tasks go with their attempts and lineage, before the rows of the batch are written.`, async () => {
    await using store = await open();
    const numbers = [1, 2, 3];
    const rows = { tasks: numbers.map((number) => task('r1', number)), attempts: numbers.map((number) => attempt('r1', number)) };
    await store.commit(batch({ ...rows, lineage: numbers.map((number) => lineage('r1', number)) }));
    const removedTasks = [1, 2, 9].map((number) => ({ runId: 'r1', task: number })).concat({ runId: 'r2', task: 3 });
    const afresh = task('r1', 2, { state: 'RUNNING' });
    await store.commit(batch({ removedTasks, tasks: [afresh] }));
    assert.deepEqual(await store.listTasks('r1'), [afresh, rows.tasks[2]]);
    assert.deepEqual(await store.listAttempts('r1'), [rows.attempts[2]]);
    assert.deepEqual(await store.lineageOfRun('r1'), [lineage('r1', 3)]);
  });

  test(`${name}: durable batches and others are read back alike.`, async () => {
    await using store = await open();
    await store.commit(batch({ runs: [run('r1')], durable: true }));
    await store.commit(batch({ runs: [run('r2')] }));
    await store.commit(batch({ durable: true }));
    assert.deepEqual([await store.getRun('r1'), await store.getRun('r2')], [run('r1'), run('r2')]);
  });
}

async function everything(store: Store): Promise<unknown> {
  const lists = [store.listRuns({ limit: 100 }), store.loadEvents('r1'), store.listTasks('r1'), store.listAttempts('r1')];
  return [...(await Promise.all<unknown>(lists)), [...(await store.lookupCache(SCOPE, ['k']))]];
}
