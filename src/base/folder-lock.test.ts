import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockFolder } from './folder-lock.ts';

test('a folder is locked by one at a time: others are told, or wait for their turn', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-lock-'));
  try {
    const first = await lockFolder(folder);
    assert(first);
    assert.equal(await lockFolder(folder), undefined);
    let told = 0;
    const waiting = lockFolder(folder, () => {
      told += 1;
      first[Symbol.dispose]();
    });
    const second = await waiting;
    assert(second);
    assert.equal(told, 1);
    second[Symbol.dispose]();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
