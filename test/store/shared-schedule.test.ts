import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openServer } from '../../src/serve.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { experiment, recurringRun } from '../contract/catalogue.contract.ts';
import { NO_POSTGRES, startPostgres } from '../support/postgres-cluster.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

test('Two servers on one database start every due run of a schedule once.', { skip: NO_POSTGRES }, async () => {
  await using cluster = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-schedule-'));
  try {
    const database = await cluster.createDatabase('schedule');
    await using store = await openPostgresStore({ url: database });
    const catalogue = store.catalogue();
    const spec = JSON.stringify(stepPipeline({ steps: { hello: { sh: 'echo hello', cached: false } } }));
    const inlineSpecDigest = createHash('sha256').update(spec).digest('hex');
    await store.saveDocument(inlineSpecDigest, spec);
    await catalogue.insertExperiment(experiment('e1'));
    const trigger = { kind: 'interval', intervalSeconds: 1, startMs: 0, endMs: 0 } as const;
    // Some are due already, so that both servers are at it from their start.
    const since = { createdAtMs: Date.now() - 4_000, trigger, maxConcurrency: 10 };
    await catalogue.insertRecurringRun(recurringRun('j1', { ...since, pipelineId: null, inlineSpecDigest }));
    const errors: unknown[] = [];
    const open = (name: string) =>
      openServer({ dataDir: join(folder, name), database, port: 0, onError: (error) => errors.push(error) });
    const servers = await Promise.all([open('left'), open('right')]);
    while ((await catalogue.getRecurringRun('j1'))!.runsStarted < 7) await delay(50);
    await catalogue.setRecurringRunEnabled('j1', { isEnabled: false, nowMs: Date.now() });
    while ((await catalogue.countActiveRuns('j1')) > 0) await delay(50);
    for (const server of servers) await server.close();
    const { runsStarted, error } = (await catalogue.getRecurringRun('j1'))!;
    const runs = await store.listRuns({ limit: 100 });
    assert.deepEqual([error, errors], ['', []]);
    assert.equal(runs.length, runsStarted);
    assert.equal(new Set(runs.map(({ scheduledAtMs }) => scheduledAtMs)).size, runsStarted);
    assert.ok(runs.every(({ state }) => state === 'SUCCEEDED'));
    for (const { runId } of runs) assert.equal((await store.listAttempts(runId)).length, 1, 'its step ran once');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
