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

const SCHEDULES = 20;

interface Schedule {
  readonly name: string;
  readonly createdAtMs: number;
  readonly maxConcurrency: number;
  readonly noCatchup?: boolean;
}

interface Outcome {
  readonly store: Awaited<ReturnType<typeof openPostgresStore>>;
  readonly errors: readonly unknown[];
}

/**
 * Schedules of a run every second, of one step, at work on two servers until each has started `runs`; `check` is asked when all
 * of these have ended.
 */
async function onTwoServers(
  { sh, runs, schedules }: { readonly sh: string; readonly runs: number; readonly schedules: () => readonly Schedule[] },
  check: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  await using cluster = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-schedule-'));
  try {
    const database = await cluster.createDatabase('schedule');
    await using store = await openPostgresStore({ url: database });
    const catalogue = store.catalogue();
    const spec = JSON.stringify(stepPipeline({ steps: { hello: { sh, cached: false } } }));
    const inlineSpecDigest = createHash('sha256').update(spec).digest('hex');
    await store.saveDocument(inlineSpecDigest, spec);
    await catalogue.insertExperiment(experiment('e1'));
    const trigger = { kind: 'interval', intervalSeconds: 1, startMs: 0, endMs: 0 } as const;
    const rows = schedules().map(({ name, ...since }) =>
      recurringRun(name, { ...since, trigger, pipelineId: null, inlineSpecDigest }),
    );
    for (const row of rows) await catalogue.insertRecurringRun(row);
    const names = rows.map(({ recurringRunId }) => recurringRunId);
    const errors: unknown[] = [];
    const open = (name: string) =>
      openServer({ dataDir: join(folder, name), database, port: 0, onError: (error) => errors.push(error) });
    const servers = await Promise.all([open('left'), open('right')]);
    const started = async () =>
      Math.min(...(await Promise.all(names.map((name) => catalogue.getRecurringRun(name)))).map((row) => row!.runsStarted));
    while ((await started()) < runs) await delay(50);
    for (const name of names) await catalogue.setRecurringRunEnabled(name, { isEnabled: false, nowMs: Date.now() });
    for (const name of names) while ((await catalogue.countActiveRuns(name)) > 0) await delay(50);
    for (const server of servers) await server.close();
    await check({ store, errors });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('Two servers on one database start every due run of a schedule once.', { skip: NO_POSTGRES }, async () => {
  // Some are due already, so that both servers are at it from their start.
  const schedules = () => [{ name: 'j1', createdAtMs: Date.now() - 4_000, maxConcurrency: 10 }];
  await onTwoServers({ sh: 'echo hello', runs: 7, schedules }, async ({ store, errors }) => {
    const { runsStarted, error } = (await store.catalogue().getRecurringRun('j1'))!;
    const runs = await store.listRuns({ limit: 100 });
    assert.deepEqual([error, errors], ['', []]);
    assert.equal(runs.length, runsStarted);
    assert.equal(new Set(runs.map(({ scheduledAtMs }) => scheduledAtMs)).size, runsStarted);
    assert.ok(runs.every(({ state }) => state === 'SUCCEEDED'));
    for (const { runId } of runs) assert.equal((await store.listAttempts(runId)).length, 1, 'its step ran once');
  });
});

test(
  'Two servers on one database never have more runs of a schedule at once than it allows.',
  { skip: NO_POSTGRES },
  async () => {
    const names = Array.from({ length: SCHEDULES }, (_, index) => `j${index}`);
    // Due at different moments of a second, and of missed times only the last: the servers see different times as due.
    const schedules = () =>
      names.map((name, index) => ({
        name,
        createdAtMs: Date.now() - 4_000 - index * 37,
        maxConcurrency: 1,
        noCatchup: true,
      }));
    await onTwoServers({ sh: 'true', runs: 4, schedules }, async ({ store, errors }) => {
      assert.deepEqual(errors, []);
      for (const name of names) {
        const { rows } = await store.catalogue().listCataloguedRuns({
          predicates: [{ field: 'recurring_run_id', operation: 'eq', values: [name] }],
          sort: { field: 'created_at_ms', descending: false },
          limit: 1000,
        });
        for (const [index, { run }] of rows.entries())
          assert(
            index === 0 || run.createdAtMs >= rows[index - 1]!.run.endedAtMs!,
            `${run.displayName} of ${name} started too early`,
          );
      }
    });
  },
);
