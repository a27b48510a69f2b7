import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPipeline } from '../ir/read.ts';
import type { RunRow } from '../model/run.ts';
import { openPlatform, type Platform } from '../start.ts';
import { removeRun, type RemovalTools } from './remove-run.ts';
import { readRetention } from './retention-policy.ts';
import { startRetention, sweep } from './retention.ts';
import { systemClock } from '../base/clock.ts';

const TYPE = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };

/** One step that writes an artifact; with `imported`, beside it an importer of that file. */
function pipelineOf(content: string, imported?: string) {
  const executor = {
    container: {
      image: 'busybox',
      command: ['sh', '-c', `printf ${content} > "$0"`],
      args: ["{{$.outputs.artifacts['out'].path}}"],
    },
  };
  const importer = { importer: { artifactUri: { constant: imported ?? '' }, typeSchema: TYPE.artifactType } };
  const step = (label: string, output: string) => ({
    executorLabel: label,
    outputDefinitions: { artifacts: { [output]: TYPE } },
  });
  return readPipeline(
    JSON.stringify({
      pipelineInfo: { name: 'kept' },
      schemaVersion: '2.1.0',
      root: {
        dag: {
          tasks: {
            write: { taskInfo: { name: 'write' }, componentRef: { name: 'comp-write' }, cachingOptions: { enableCache: true } },
            ...(imported === undefined
              ? {}
              : { import: { taskInfo: { name: 'import' }, componentRef: { name: 'comp-import' } } }),
          },
        },
      },
      components: {
        'comp-write': step('exec-write', 'out'),
        ...(imported === undefined ? {} : { 'comp-import': step('exec-import', 'artifact') }),
      },
      deploymentSpec: { executors: { 'exec-write': executor, ...(imported === undefined ? {} : { 'exec-import': importer }) } },
    }),
    { fileName: 'kept.json' },
  );
}

interface World {
  readonly platform: Platform;
  readonly tools: RemovalTools;
  run(content: string, imported?: string): Promise<RunRow>;
  /** The artifact of the run's step: where it is, and whether it was taken from the cache. */
  outputOf(run: RunRow): Promise<{ readonly uri: string; readonly state: string }>;
}

function check(title: string, body: (world: World) => Promise<void>): void {
  test(title, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-retention-'));
    try {
      await using platform = await openPlatform({ dataDir });
      const { engine, store } = platform;
      const removed: string[] = [];
      const tools: RemovalTools = {
        ...platform,
        catalogue: platform.catalogue(),
        retention: platform.retention(),
        settled: () => engine.settled(),
        onRemoved: (runId) => void removed.push(runId),
      };
      await body({
        platform,
        tools,
        async run(content, imported) {
          const { runId } = await engine.submit({ document: pipelineOf(content, imported) });
          const run = await engine.wait(runId);
          assert.equal(run.state, 'SUCCEEDED', JSON.stringify(run.error));
          return run;
        },
        async outputOf({ runId }) {
          const task = (await store.listTasks(runId)).find(({ key }) => key === 'write')!;
          return { uri: task.outputs!.artifacts['out']![0]!.uri, state: task.state };
        },
      });
    } finally {
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

check(
  'a run goes with its artifacts, logs and document, and an equal step runs again.',
  async ({ platform, tools, run, outputOf }) => {
    const first = await run('one');
    const { uri } = await outputOf(first);
    assert.equal(readFileSync(uri, 'utf8'), 'one');
    await removeRun(tools, first.runId);
    assert.equal(await platform.store.getRun(first.runId), undefined);
    assert.equal(existsSync(uri.split(`/${first.runId}/`)[0]! + `/${first.runId}`), false);
    assert.equal(existsSync(join(platform.dataDir, 'logs', first.runId)), false);
    assert.equal(await platform.store.loadDocument(first.documentDigest), undefined);
    assert.equal((await outputOf(await run('one'))).state, 'SUCCEEDED', 'not CACHED');
  },
);

check(
  'an artifact that another run took over from the cache stays until that run goes.',
  async ({ platform, tools, run, outputOf }) => {
    const [first, second] = [await run('shared'), await run('shared')];
    const { uri, state } = await outputOf(second);
    assert.equal(state, 'CACHED');
    const plan = await removeRun(tools, first.runId);
    assert.deepEqual([plan!.kept.length, plan!.removed.length], [1, 0]);
    assert.equal(readFileSync(uri, 'utf8'), 'shared');
    assert.ok(await platform.store.loadDocument(second.documentDigest));
    await removeRun(tools, second.runId);
    assert.equal(existsSync(uri), false);
    assert.deepEqual(await platform.store.lineageOfRun(second.runId), []);
  },
);

check('an artifact that another run imports by its URI stays.', async ({ tools, run, outputOf }) => {
  const first = await run('imported');
  const { uri } = await outputOf(first);
  await run('other', uri);
  await removeRun(tools, first.runId);
  assert.equal(readFileSync(uri, 'utf8'), 'imported');
});

check('a file of the user’s that a run imported stays.', async ({ platform, tools, run }) => {
  const file = join(platform.dataDir, 'artifacts', 'mine');
  mkdirSync(join(platform.dataDir, 'artifacts'), { recursive: true });
  writeFileSync(file, 'mine');
  const importing = await run('one', file);
  await removeRun(tools, importing.runId);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

check('a pass removes what is due, keeps the newest, and a dry one only tells.', async ({ platform, tools, run }) => {
  const runs = [await run('a'), await run('b'), await run('c')];
  const nowMs = systemClock.now() + 1_000;
  const left = async () => (await platform.store.listRuns({ limit: 10 })).map(({ runId }) => runId).toSorted();
  const policies = readRetention(['runs=1s,keep=2']);
  const told: string[] = [];
  const dry = await sweep(tools, { policies, nowMs: nowMs + 1_000, isDryRun: true, onRun: ({ runId }) => told.push(runId) });
  assert.deepEqual([dry.runs, told], [1, [runs[0]!.runId]]);
  assert.equal((await left()).length, 3);
  assert.equal((await sweep(tools, { policies: readRetention(['runs=1h']), nowMs })).runs, 0);
  assert.equal((await sweep(tools, { policies, nowMs: nowMs + 1_000 })).runs, 1);
  assert.deepEqual(await left(), [runs[1]!.runId, runs[2]!.runId].toSorted());
});

check('folders of runs that are gone and environments nobody uses are removed.', async ({ platform, tools, run }) => {
  const kept = await run('kept');
  const old = new Date(systemClock.now() - 40 * 86_400_000);
  for (const path of ['logs/gone', 'workspaces/gone', 'python/unused', 'python/used', '.backup-killed', `logs/${kept.runId}`]) {
    mkdirSync(join(platform.dataDir, path), { recursive: true });
    if (path !== 'python/used') utimesSync(join(platform.dataDir, path), old, old);
  }
  const { leftovers } = await sweep(tools, { policies: readRetention([]), nowMs: systemClock.now() });
  assert.equal(leftovers, 4);
  assert.equal(existsSync(join(platform.dataDir, 'python', 'used')), true);
  assert.equal(existsSync(join(platform.dataDir, 'logs', kept.runId)), true);
});

check('the server’s passes go on after one that failed.', async ({ tools }) => {
  const swept = Promise.withResolvers<void>();
  const errors: unknown[] = [];
  let hours = 0;
  // Hours pass at once here.
  const clock = {
    now: () => systemClock.now() + hours * 3_600_000,
    at: (_atMs: number, callback: () => void) => {
      hours += 1;
      const timer = setImmediate(callback);
      return () => clearImmediate(timer);
    },
  };
  let calls = 0;
  const retention = {
    ...tools.retention,
    existingRuns: async (ids: readonly string[]) => {
      if (++calls === 1) throw new Error('away');
      return tools.retention.existingRuns(ids);
    },
  };
  await using _scheduler = startRetention(
    { ...tools, retention },
    {
      policies: readRetention([]),
      clock,
      onError: (error) => errors.push(error),
      onSwept: () => swept.resolve(),
    },
  );
  await swept.promise;
  assert.equal(errors.length, 1);
});
