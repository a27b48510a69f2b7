import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../src/base/json.ts';
import type { EngineUpdate } from '../../src/engine/run-listeners.ts';
import { readPipelineDocument } from '../../src/ir/read.ts';
import { openPlatform } from '../../src/start.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { NO_POSTGRES, type PostgresCluster, query, startPostgres } from '../support/postgres-cluster.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

const SERVER = new URL('../support/engine-process.ts', import.meta.url).pathname;

/** Steps that follow each other, each of which adds its name to a file. */
function chain(file: string, { steps, seconds }: { readonly steps: number; readonly seconds: number }): JsonObject {
  const names = Array.from({ length: steps }, (_, index) => `step-${String(index).padStart(2, '0')}`);
  const entries = names.map((name, index) => [
    name,
    { sh: `sleep ${seconds}; echo ${name} >> ${file}`, cached: false, ...(index > 0 ? { after: [names[index - 1]!] } : {}) },
  ]);
  return stepPipeline({ steps: Object.fromEntries(entries) });
}

const documentOf = (pipeline: JsonObject) => readPipelineDocument(JSON.stringify(pipeline)).document!;
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n');

describe('servers on one database', { skip: NO_POSTGRES }, () => {
  let cluster: PostgresCluster;
  let folder: string;
  before(async () => {
    cluster = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), 'pipewright-leases-'));
  });
  after(async () => {
    await cluster[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A server in a process of its own that has handed the pipeline in. */
  async function startOther(
    name: string,
    pipeline: JsonObject,
    database: string,
  ): Promise<{ child: ChildProcess; runId: string }> {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(pipeline));
    const child = spawn(process.execPath, [SERVER, join(folder, name), file, database], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface(child.stdout!)) {
      if (line.startsWith('run ')) return { child, runId: line.slice('run '.length) };
    }
    throw new Error('the other server ended early');
  }

  test('A run whose server is killed is taken over and ended by another; nothing that succeeded runs again.', async () => {
    const database = await cluster.createDatabase('taken_over');
    const file = join(folder, 'taken-over.txt');
    writeFileSync(file, '');
    const { child, runId } = await startOther('killed', chain(file, { steps: 24, seconds: 0.1 }), database);
    await using ours = await openPlatform({ dataDir: join(folder, 'survivor'), database });
    const succeeded = async () => (await ours.store.listTasks(runId)).filter(({ state }) => state === 'SUCCEEDED');
    while ((await succeeded()).length < 5) await delay(20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = (await succeeded()).map(({ key }) => key);
    assert.ok(before.length < 24, 'it was killed in the middle');
    const run = await ours.engine.wait(runId);
    assert.equal(run.state, 'SUCCEEDED', run.error?.message);
    const lines = linesOf(file);
    for (const key of before) assert.equal(lines.filter((line) => line === key).length, 1, `${key} ran once`);
    assert.equal(new Set(lines).size, 24, 'every step ran');
  });

  test('What happens to a run on one server is heard on another, which can cancel it there.', async () => {
    const database = await cluster.createDatabase('heard');
    const file = join(folder, 'heard.txt');
    await using left = await openPlatform({ dataDir: join(folder, 'left'), database });
    await using right = await openPlatform({ dataDir: join(folder, 'right'), database });
    const heard: EngineUpdate[] = [];
    const unsubscribe = right.engine.subscribe((update) => heard.push(update));
    const { runId } = await left.engine.submit({ document: documentOf(chain(file, { steps: 50, seconds: 0.1 })) });
    const isDone = () => heard.some(({ tasks }) => tasks.some(({ state }) => state === 'SUCCEEDED'));
    while (!isDone()) await delay(10);
    assert.equal(heard[0]?.runId, runId);
    const ended = left.engine.wait(runId);
    const startedAt = performance.now();
    await right.engine.cancel(runId, 'enough');
    assert.ok(performance.now() - startedAt < 1_000, 'the other server answered within a second');
    assert.match((await right.store.getRun(runId))!.state, /^CANCEL/);
    assert.equal((await ended).state, 'CANCELED');
    assert.equal((await right.engine.wait(runId)).state, 'CANCELED');
    // It is nobody's now, so whoever is asked goes on with it.
    await right.engine.resume(runId);
    await right.engine.cancel(runId, 'enough of it');
    assert.equal((await left.engine.wait(runId)).state, 'CANCELED');
    unsubscribe();
  });

  test('A server that is started again on its folder goes on with its own runs and adopts their steps.', async () => {
    const database = await cluster.createDatabase('own_again');
    const file = join(folder, 'own-again.txt');
    writeFileSync(file, '');
    const { child, runId } = await startOther('own', chain(file, { steps: 3, seconds: 1.5 }), database);
    await using store = await openPostgresStore({ url: database });
    while (!(await store.listTasks(runId)).some(({ kind, state }) => kind === 'container' && state === 'RUNNING'))
      await delay(10);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using again = await openPlatform({ dataDir: join(folder, 'own'), database });
    assert.equal((await again.engine.wait(runId)).state, 'SUCCEEDED');
    assert.deepEqual(linesOf(file), ['step-00', 'step-01', 'step-02']);
  });

  test('A server that has lost a run records nothing more of it, and goes on with its others.', async () => {
    const database = await cluster.createDatabase('lost');
    const file = join(folder, 'lost.txt');
    writeFileSync(file, '');
    await using ours = await openPlatform({ dataDir: join(folder, 'loser'), database });
    const lost = await ours.engine.submit({ document: documentOf(chain(file, { steps: 20, seconds: 0.1 })) });
    const kept = await ours.engine.submit({ document: documentOf(chain(join(folder, 'kept.txt'), { steps: 5, seconds: 0.1 })) });
    await query(database, `insert into servers values ('other', 9000000000000000)`);
    await query(database, `update run_leases set server_id = 'other' where run_id = '${lost.runId}'`);
    const events = (await ours.store.loadEvents(lost.runId)).length;
    assert.equal((await ours.engine.wait(kept.runId)).state, 'SUCCEEDED');
    assert.equal((await ours.store.loadEvents(lost.runId)).length, events);
    await query(database, `update servers set alive_until_ms = 0 where server_id = 'other'`);
    assert.equal((await ours.engine.wait(lost.runId)).state, 'SUCCEEDED');
    assert.equal(new Set(linesOf(file)).size, 20);
  });

  test('What a server does exclusively no other does meanwhile under the same name.', async () => {
    const database = await cluster.createDatabase('exclusive');
    await using left = await openPostgresStore({ url: database, leases: { serverId: 'left' } });
    await using right = await openPostgresStore({ url: database, leases: { serverId: 'right' } });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
    const first = left.leases!.exclusively('a', async () => {
      enter();
      await gate;
      return 'first';
    });
    await entered;
    assert.equal(await right.leases!.exclusively('a', async () => assert.fail('the other one is at it')), undefined);
    assert.equal(await right.leases!.exclusively('b', async () => 'another name'), 'another name');
    open();
    assert.equal(await first, 'first');
    assert.equal(await right.leases!.exclusively('a', async () => 'then'), 'then');
  });
});
