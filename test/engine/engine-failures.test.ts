// What the engine does when the store fails it: at its start, or in the middle of a run.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { readPipelineDocument } from '../../src/ir/read.ts';
import { openPlatform } from '../../src/start.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

const chain = readPipelineDocument(
  JSON.stringify(stepPipeline({ steps: { first: { sh: 'sleep 0.2' }, second: { sh: 'true', after: ['first'] } } })),
).document!;

async function dataFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-failures-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

function change(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'pipewright.db'));
  database.exec(sql);
  database.close();
}

test('who waits for a run is told when it can no longer be recorded', async () => {
  await using data = await dataFolder();
  const fatal: unknown[] = [];
  await using platform = await openPlatform({ dataDir: data.folder, onFatal: (error) => fatal.push(error) });
  const { runId } = await platform.engine.submit({ document: chain });
  change(data.folder, 'DROP TABLE run_events');
  await assert.rejects(platform.engine.wait(runId), /run_events/);
  assert.equal(fatal.length, 1);
  await assert.rejects(platform.engine.wait(runId), { code: 'UNAVAILABLE' });
});

test('a run whose pipeline cannot be read any more ends as failed, and the data folder goes on working', async () => {
  await using data = await dataFolder();
  let left: string;
  {
    await using platform = await openPlatform({ dataDir: data.folder });
    left = (await platform.engine.submit({ document: chain })).runId;
  }
  change(data.folder, 'DELETE FROM documents');
  await using platform = await openPlatform({ dataDir: data.folder });
  const run = await platform.engine.wait(left);
  assert.equal(run.state, 'FAILED');
  assert.match(run.error?.message ?? '', /no longer stored/);
  const next = await platform.engine.submit({ document: chain });
  assert.equal((await platform.engine.wait(next.runId)).state, 'SUCCEEDED');
});

test('a step that cannot be handed to the executor fails alone, before and after a restart', async () => {
  await using data = await dataFolder();
  await using platform = await openPlatform({ dataDir: data.folder });
  const { runId } = await platform.engine.submit({ document: chain, pipelineRoot: join(data.folder, 'artifacts') + '/a/../b' });
  const run = await platform.engine.wait(runId);
  assert.equal(run.state, 'FAILED');
  const first = (await platform.store.listTasks(runId)).find(({ path }) => path === '/first');
  assert.match(first?.error?.message ?? '', /could not be prepared.*"\.\." segment/);
  const next = await platform.engine.submit({ document: chain });
  assert.equal((await platform.engine.wait(next.runId)).state, 'SUCCEEDED');
});

test('a data folder that could not be opened is free again', async () => {
  await using data = await dataFolder();
  await writeFile(join(data.folder, 'process'), 'not a folder');
  await assert.rejects(openPlatform({ dataDir: data.folder }), { code: 'EEXIST' });
  await rm(join(data.folder, 'process'));
  await using platform = await openPlatform({ dataDir: data.folder });
  assert.ok(platform);
});

test('a run that two ask to go on with at once is gone on with once', async () => {
  await using data = await dataFolder();
  await using platform = await openPlatform({ dataDir: data.folder });
  const document = readPipelineDocument(JSON.stringify(stepPipeline({ steps: { fails: { sh: 'exit 1' } } }))).document!;
  const { runId } = await platform.engine.submit({ document });
  await platform.engine.wait(runId);
  const asked = await Promise.allSettled([platform.engine.resume(runId), platform.engine.resume(runId)]);
  assert.deepEqual(
    asked.map((result) => (result.status === 'fulfilled' ? 'resumed' : (result.reason as { code: string }).code)),
    ['resumed', 'CONFLICT'],
  );
  assert.equal((await platform.engine.wait(runId)).state, 'FAILED');
  const resumed = (await platform.store.loadEvents(runId)).flatMap(({ events }) =>
    events.filter(({ event }) => event.kind === 'resumed'),
  );
  assert.equal(resumed.length, 1);
});
