/**
 * Pipelines written with the real kfp SDK (make_pipelines.py), compiled, and what each must come to: all on one platform with real
 * processes. Then all again: what can be cached must be.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { openSecretStore } from '../../src/executors/local-secrets.ts';
import { readPipeline } from '../../src/ir/read.ts';
import type { RunRow } from '../../src/model/run.ts';
import { openPlatform, type Platform } from '../../src/start.ts';

interface Expectation {
  readonly arguments: JsonObject;
  readonly expected: JsonObject | string;
}

const FOLDER = new URL('./pipelines/', import.meta.url);
const expectations = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Record<string, Expectation>;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const skip = hasPython ? false : 'there is no python3 on this machine';
/** Not the same the second time: a step that counts its runs, a volume with a name of its own each time. */
const DIFFERS_AGAIN = new Set(['retry', 'k-pvc']);
/** Mounting at paths that do not exist needs namespaces of the kernel. */
const NEEDS_MOUNTS = new Set(['k-pvc', 'k-secvol']);
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0;

let folder: string;
let platform: Platform;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipewright-golden-'));
  writeFileSync(join(folder, 'table.csv'), 'v1');
  platform = await openPlatform({ dataDir: join(folder, 'data') });
  const secrets = openSecretStore(platform.dataDir);
  await secrets.create('secret', 'sec', { username: 'user1' });
  await secrets.create('configmap', 'cm', { k: 'cmv' });
});

after(async () => {
  await platform.close({ cancelRunning: true });
  rmSync(folder, { recursive: true, force: true });
});

for (const [name, { arguments: given, expected }] of Object.entries(expectations)) {
  const noMounts = NEEDS_MOUNTS.has(name) && !canMount ? 'mount namespaces are not available' : false;
  test(`${name} comes to what it must, and again from the cache`, { skip: skip || noMounts }, async () => {
    const run = await runPipeline(name, given);
    check(run, expected);
    if (DIFFERS_AGAIN.has(name)) return;
    const again = await runPipeline(name, given);
    check(again, expected);
    if (again.state === 'SUCCEEDED') await checkCached(again);
  });
}

async function runPipeline(name: string, given: JsonObject): Promise<RunRow> {
  const document = readPipeline(readFileSync(new URL(`${name}.yaml`, FOLDER)));
  const filled = JSON.parse(JSON.stringify(given).replaceAll('TMP', folder)) as JsonObject;
  const { runId } = await platform.engine.submit({ document, arguments: filled });
  return platform.engine.wait(runId);
}

function check(run: RunRow, expected: Expectation['expected']): void {
  if (typeof expected === 'string') assert.equal(run.state, expected);
  else {
    assert.equal(run.state, 'SUCCEEDED', run.error?.message);
    assert.deepEqual(run.outputs?.parameters, expected);
  }
}

/** Steps with caching on that ran a second time were not taken from the cache though they should have been. */
async function checkCached(run: RunRow): Promise<void> {
  const tasks = await platform.store.listTasks(run.runId);
  const ran = tasks.filter(({ kind, state, cacheKey }) => kind === 'container' && state === 'SUCCEEDED' && cacheKey !== null);
  assert.deepEqual(
    ran.map(({ path, stateReason }) => `${path}: ${stateReason}`),
    [],
  );
}
