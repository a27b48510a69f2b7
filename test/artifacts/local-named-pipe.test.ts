import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLocalArtifactStore } from '../../src/artifacts/local/local-artifact-store.ts';
import { ProductError } from '../../src/base/errors.ts';

test('A named pipe in the place of an artifact is refused instead of waited for.', { timeout: 10_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'pipewright-pipe-'));
  try {
    execFileSync('mkfifo', [join(root, 'model')]);
    const store = openLocalArtifactStore({ root });
    const isRefusal = (error: unknown) => error instanceof ProductError && /it is not a file/.test(error.message);
    await assert.rejects(store.read(join(root, 'model')), isRefusal);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
