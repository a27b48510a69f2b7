import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

test('a folder that cannot be locked is told with the reason and the next step', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-lock-'));
  const check = async (name: string, prepare: (path: string) => void, expected: RegExp) => {
    const path = join(folder, name);
    prepare(path);
    await assert.rejects(lockFolder(path), { name: 'ProductError', code: 'UNAVAILABLE', message: expected }, name);
  };
  try {
    await check('file', (path) => writeFileSync(path, ''), /cannot be used: EEXIST/);
    await check('of-others', (path) => mkdirSync(join(path, 'in-use.lock'), { recursive: true }), /unable to open/);
    await check(
      'damaged',
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'in-use.lock'), 'somebody wrote a note here, longer than a header');
      },
      /not a database/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
