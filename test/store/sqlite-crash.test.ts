import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { batch, SCOPE, tick } from '../contract/store-fixtures.ts';

const WRITER = join(import.meta.dirname, 'commit-until-killed.ts');
const TASKS = 300;

test('A process killed in the middle of commits leaves whole batches only.', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-crash-'));
  try {
    const file = join(folder, 'pipewright.db');
    for (const [index, killAfterMs] of [3, 11, 29, 53].entries()) {
      const runId = `run-${index}`;
      await writeAndKill(file, runId, killAfterMs);
      await using store = await openSqliteStore({ file });
      const batches = await requireWholeBatches(store, runId);
      // The run goes on where it stopped.
      await store.commit(batch({ events: [tick(runId, batches)] }));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('Processes that open a new database at the same time all find its tables.', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-crash-'));
  try {
    const file = join(folder, 'pipewright.db');
    await Promise.all(['a', 'b', 'c'].map((runId) => writeAndKill(file, runId, 20)));
    await using store = await openSqliteStore({ file });
    for (const runId of ['a', 'b', 'c']) await requireWholeBatches(store, runId);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The moment of the kill is meant to be arbitrary: some time after the first commit, most likely within a later one. */
async function writeAndKill(file: string, runId: string, killAfterMs: number): Promise<void> {
  const child = spawn(process.execPath, [WRITER, file, runId], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    await Promise.race([once(child.stdout, 'data'), exited]);
    await delay(killAfterMs);
  } finally {
    child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL', 'the writer was still writing');
}

/** Returns how many batches there are. */
async function requireWholeBatches(store: Store, runId: string): Promise<number> {
  const events = await store.loadEvents(runId);
  const last = events.length - 1;
  assert.ok(last >= 0, 'the first batch was committed before the kill');
  assert.deepEqual(
    events,
    events.map((_, sequence) => tick(runId, sequence)),
  );
  const tasks = await store.listTasks(runId);
  assert.equal(tasks.length, TASKS);
  assert.deepEqual(new Set(tasks.map((row) => row.attempts)), new Set([last]));
  assert.deepEqual(new Set((await store.listAttempts(runId)).map((row) => row.launchedAtMs)), new Set([last]));
  const entries = await store.lookupCache(
    SCOPE,
    tasks.map((row) => `${runId} ${row.task}`),
  );
  assert.deepEqual(new Set([...entries.values()].map((entry) => entry.createdAtMs)), new Set([last]));
  return events.length;
}
